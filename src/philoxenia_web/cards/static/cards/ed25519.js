"use strict";
/* Ed25519 verification (RFC 8032) in whole numbers alone, for browsers whose WebCrypto has none, and SHA-512 (FIPS 180-4).
   As strict as OpenSSL: S below the order, canonical points, R compared byte by byte. Nothing secret passes here, so
   time need not be constant. */
(function (root) {
  const P = (1n << 255n) - 19n;
  const ORDER = (1n << 252n) + 27742317777372353535851937790883648493n;
  const mod = (value) => { const found = value % P; return found < 0n ? found + P : found; };

  function power(base, exponent) {
    let found = 1n;
    let square = mod(base);
    for (let rest = exponent; rest; rest >>= 1n) {
      if (rest & 1n) found = (found * square) % P;
      square = (square * square) % P;
    }
    return found;
  }

  const D = mod(-121665n * power(121666n, P - 2n));
  const D2 = mod(2n * D);
  const ROOT = power(2n, (P - 1n) / 4n);

  /* x of a point by y and the sign of x; null where there is none (RFC 8032, 5.1.3). */
  function recovered(y, sign) {
    if (y >= P) return null;
    const u = mod(y * y - 1n);
    const v = mod(D * y * y + 1n);
    const v3 = (((v * v) % P) * v) % P;
    let x = (((u * v3) % P) * power(u * v3 * v3 * v, (P - 5n) / 8n)) % P;
    const check = (((v * x) % P) * x) % P;
    if (check === mod(-u)) x = (x * ROOT) % P;
    else if (check !== u) return null;
    if (x === 0n && sign) return null;
    return x % 2n === BigInt(sign) ? x : P - x;
  }

  const point = (x, y) => [x, y, 1n, (x * y) % P];
  const NOTHING = [0n, 1n, 1n, 0n];
  const BY = mod(4n * power(5n, P - 2n));
  const BASE = point(recovered(BY, 0), BY);

  function sum([x1, y1, z1, t1], [x2, y2, z2, t2]) {
    const a = mod((y1 - x1) * (y2 - x2));
    const b = mod((y1 + x1) * (y2 + x2));
    const c = mod(((t1 * D2) % P) * t2);
    const d = mod(2n * z1 * z2);
    const e = b - a;
    const f = d - c;
    const g = d + c;
    const h = b + a;
    return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
  }

  function twice([x, y, z]) {
    const a = (x * x) % P;
    const b = (y * y) % P;
    const c = 2n * z * z;
    const h = a + b;
    const e = h - (x + y) * (x + y);
    const g = a - b;
    const f = c + g;
    return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
  }

  /* s·B + k·Q, two bits of both numbers at a time (Straus 1964). */
  function both(s, k, other) {
    const table = [];
    for (let i = 0, left = NOTHING; i < 4; i += 1, left = sum(left, BASE))
      for (let j = 0, found = left; j < 4; j += 1, found = sum(found, other)) table.push(found);
    let found = NOTHING;
    for (let place = 254n; place >= 0n; place -= 2n) {
      found = twice(twice(found));
      const at = Number(((s >> place) & 3n) * 4n + ((k >> place) & 3n));
      if (at) found = sum(found, table[at]);
    }
    return found;
  }

  function number(bytes) {
    let found = 0n;
    for (let place = bytes.length - 1; place >= 0; place -= 1) found = (found << 8n) | BigInt(bytes[place]);
    return found;
  }

  function opened(bytes) {
    const told = number(bytes);
    const y = told & ((1n << 255n) - 1n);
    const x = recovered(y, Number(told >> 255n));
    return x === null ? null : point(x, y);
  }

  function joined(...parts) {
    const found = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
    let at = 0;
    for (const part of parts) { found.set(part, at); at += part.length; }
    return found;
  }

  function verify(signature, message, publicKey) {
    if (signature.length !== 64 || publicKey.length !== 32) return false;
    const key = opened(publicKey);
    const s = number(signature.subarray(32));
    if (!key || s >= ORDER) return false;
    const k = number(sha512(joined(signature.subarray(0, 32), publicKey, message))) % ORDER;
    const [x, y, z] = both(s, k, [P - key[0], key[1], 1n, mod(-key[3])]);
    const inverse = power(z, P - 2n);
    const told = ((y * inverse) % P) | ((((x * inverse) % P) & 1n) << 255n);
    return told === number(signature.subarray(0, 32));
  }

  /* --- SHA-512 ------------------------------------------------------------------------------------------- */

  const MASK = (1n << 64n) - 1n;
  const turned = (value, by) => ((value >> by) | (value << (64n - by))) & MASK;

  /* The first 64 bits of the fraction of a root of each of the first primes. */
  function fractions(count, degree) {
    const found = [];
    for (let candidate = 2; found.length < count; candidate += 1) {
      let prime = true;
      for (let by = 2; by * by <= candidate; by += 1) if (candidate % by === 0) prime = false;
      if (prime) found.push(wholeRoot(BigInt(candidate) << (64n * degree), degree) & MASK);
    }
    return found;
  }

  function wholeRoot(value, degree) {
    let low = 0n;
    let high = 1n << 76n;
    while (high - low > 1n) {
      const middle = (low + high) >> 1n;
      if (middle ** degree <= value) low = middle;
      else high = middle;
    }
    return low;
  }

  const START = fractions(8, 2n);
  const ROUNDS = fractions(80, 3n);

  function padded(message) {
    const size = Math.ceil((message.length + 17) / 128) * 128;
    const found = new Uint8Array(size);
    found.set(message);
    found[message.length] = 128;
    new DataView(found.buffer).setBigUint64(size - 8, BigInt(message.length) * 8n);
    return found;
  }

  function sha512(message) {
    const content = padded(message);
    const read = new DataView(content.buffer);
    let state = START.slice();
    for (let at = 0; at < content.length; at += 128) state = digested(state, read, at);
    const found = new Uint8Array(64);
    const write = new DataView(found.buffer);
    state.forEach((word, place) => write.setBigUint64(place * 8, word));
    return found;
  }

  function digested(state, read, at) {
    const words = [];
    for (let place = 0; place < 80; place += 1) words.push(place < 16 ? read.getBigUint64(at + place * 8) : mixed(words, place));
    let [a, b, c, d, e, f, g, h] = state;
    for (let place = 0; place < 80; place += 1) {
      const one = h + (turned(e, 14n) ^ turned(e, 18n) ^ turned(e, 41n)) + ((e & f) ^ (~e & MASK & g)) + ROUNDS[place] + words[place];
      const two = (turned(a, 28n) ^ turned(a, 34n) ^ turned(a, 39n)) + ((a & b) ^ (a & c) ^ (b & c));
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) & MASK, c, b, a, (one + two) & MASK];
    }
    return [a, b, c, d, e, f, g, h].map((word, place) => (word + state[place]) & MASK);
  }

  function mixed(words, place) {
    const early = words[place - 15];
    const late = words[place - 2];
    const one = turned(early, 1n) ^ turned(early, 8n) ^ (early >> 7n);
    const two = turned(late, 19n) ^ turned(late, 61n) ^ (late >> 6n);
    return (words[place - 16] + one + words[place - 7] + two) & MASK;
  }

  root.philoxenia = root.philoxenia || {};
  root.philoxenia.ed25519 = { verify, sha512, joined };
})(typeof self === "undefined" ? globalThis : self);
