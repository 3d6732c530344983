"use strict";
/* What a card's code says, and whether it and the status list are signed: the same rules as philoxenia.cards.payload
   and philoxenia.cards.status_list, which tests hold them against. */
(function (root) {
  const { ed25519 } = root.philoxenia;
  const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  const [BODY, TOKEN, TYPED, LINE] = [16, 80, 128, 32];
  const EPOCH = Date.UTC(2020, 0, 1);
  const DAY = 86400000;
  const MOST_LIST = 1 << 24;
  const bytesOf = (text) => new TextEncoder().encode(text);
  const CONTEXT = bytesOf("philoxenia city card 1\0");
  const NAME = bytesOf("philoxenia card name 1\0");

  class Slip extends Error {
    constructor(kind, line = 0) {
      super(kind);
      this.kind = kind;
      this.line = line;
    }
  }

  function base64url(text) {
    if (!/^[A-Za-z0-9_-]*$/.test(text)) throw new Slip("code");
    const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
  }

  /* The 80 bytes in an address, a code or four typed lines. */
  function read(text) {
    const code = text.slice(0, 2000).split("#").pop().trim();
    return /^[A-Za-z0-9_-]{107}$/.test(code) ? base64url(code) : typed(code);
  }

  function typed(code) {
    const letters = code.toUpperCase().replace(/[-\s]/g, "").replaceAll("O", "0").replace(/[IL]/g, "1");
    if (letters.length !== TYPED + TYPED / LINE || [...letters].some((one) => !LETTERS.includes(one))) throw new Slip("code");
    let value = 0n;
    for (let line = 0; line < TYPED / LINE; line += 1) {
      const piece = letters.slice(line * (LINE + 1), (line + 1) * (LINE + 1));
      if (luhn(piece)) throw new Slip("line", line + 1);
      for (const one of piece.slice(0, LINE)) value = (value << 5n) | BigInt(LETTERS.indexOf(one));
    }
    return Uint8Array.from({ length: TOKEN }, (_, place) => Number((value >> BigInt(8 * (TOKEN - 1 - place))) & 255n));
  }

  function luhn(line) {
    let total = 0;
    [...line].reverse().forEach((one, place) => {
      const value = LETTERS.indexOf(one) * (1 + (place % 2));
      total += Math.floor(value / 32) + (value % 32);
    });
    return total % 32;
  }

  function claims(token) {
    if (token.length !== TOKEN || token[0] !== 1) throw new Slip("code");
    const view = new DataView(token.buffer, token.byteOffset);
    return {
      key: [...token.subarray(1, 5)].map((one) => one.toString(16).padStart(2, "0")).join(""),
      index: view.getUint32(5),
      from: EPOCH + view.getUint16(9) * DAY,
      until: EPOCH + view.getUint16(11) * DAY,
      check: token.slice(13, 16),
      body: token.slice(0, BODY),
      signature: token.slice(BODY),
    };
  }

  /* By the browser's own Ed25519 where it has one, else by ours. */
  async function signed(signature, message, key) {
    try {
      const known = await root.crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
      return await root.crypto.subtle.verify({ name: "Ed25519" }, known, signature, message);
    } catch {
      return ed25519.verify(signature, message, key);
    }
  }

  const cardSigned = (card, key) => signed(card.signature, ed25519.joined(CONTEXT, card.body), key);

  function folded(name) {
    return [...name.normalize("NFKD").toLowerCase()].filter((one) => /[\p{L}\p{N}]/u.test(one)).join("");
  }

  function nameFits(card, name) {
    const place = new Uint8Array(4);
    new DataView(place.buffer).setUint32(0, card.index);
    const digest = ed25519.sha512(ed25519.joined(NAME, place, bytesOf(folded(name))));
    return card.check.every((one, at) => one === digest[at]);
  }

  /* The list of withdrawn cards: a JWS whose key must be one of ours, then a bit a card. */
  async function list(text, keys) {
    const [head, content, signature] = text.trim().split(".");
    const told = JSON.parse(new TextDecoder().decode(base64url(head)));
    const key = told.alg === "EdDSA" && Object.hasOwn(keys, told.kid) && keys[told.kid];
    if (!key || !(await signed(base64url(signature), bytesOf(`${head}.${content}`), key))) throw new Slip("list");
    const credential = JSON.parse(new TextDecoder().decode(base64url(content)));
    const subject = credential.credentialSubject;
    if (subject.statusPurpose !== "revocation" || !subject.encodedList.startsWith("u")) throw new Slip("list");
    return {
      id: credential.id,
      from: Date.parse(credential.validFrom),
      until: Date.parse(credential.validUntil),
      bits: await unpacked(base64url(subject.encodedList.slice(1))),
    };
  }

  async function unpacked(content) {
    const stream = new Blob([content]).stream().pipeThrough(new DecompressionStream("gzip"));
    const pieces = [];
    let size = 0;
    for (let reader = stream.getReader(), next = await reader.read(); !next.done; next = await reader.read()) {
      size += next.value.length;
      if (size > MOST_LIST) throw new Slip("list");
      pieces.push(next.value);
    }
    return ed25519.joined(...pieces);
  }

  const withdrawn = (bits, place) => Boolean((bits[place >> 3] >> (7 - (place & 7))) & 1);

  root.philoxenia.code = { Slip, base64url, read, claims, cardSigned, nameFits, list, withdrawn, signed, DAY };
})(typeof self === "undefined" ? globalThis : self);
