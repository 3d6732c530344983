"use strict";
/* Sends a file in pieces: each with its checksum, at the offset the server has on its disk. A broken connection is tried
   again with growing pauses; after a reload the same file goes on where it stopped. */
(() => {
  const form = document.querySelector("form[data-upload]");
  if (!form || !window.crypto || !crypto.subtle) return;
  const input = form.querySelector("input[type=file]");
  const bar = form.querySelector("[data-bar]");
  const told = form.querySelector("[data-told]");
  const sending = form.querySelector("[data-sending]");
  const pauseButton = form.querySelector("[data-pause]");
  const resumeButton = form.querySelector("[data-resume]");
  const sendButton = form.querySelector("[data-send]");
  const words = (name, values = {}) =>
    form.dataset["words" + name].replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const LONGEST_WAIT = 60;
  let paused = false;
  let wake = null;
  let state = null;

  const sizes = new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit: "megabyte", maximumFractionDigits: 1 });
  const megabytes = (bytes) => sizes.format(bytes / 1e6);
  const say = (text) => { told.textContent = text; };
  const sleep = (seconds) => new Promise((done) => {
    const timer = setTimeout(done, seconds * 1000);
    wake = () => { clearTimeout(timer); done(); };
  });
  const hex = (buffer) => [...new Uint8Array(buffer)].map((one) => one.toString(16).padStart(2, "0")).join("");
  const digest = async (blob) => hex(await crypto.subtle.digest("SHA-256", await blob.arrayBuffer()));

  // What is known of a begun file outlives a reload: by name, size and time of change, and its first bytes.
  const remember = (mark, address) => { try { localStorage.setItem(mark, JSON.stringify(address)); } catch { /* works without */ } };
  const recall = (mark) => { try { return JSON.parse(localStorage.getItem(mark)); } catch { return null; } };
  const forget = (mark) => { try { localStorage.removeItem(mark); } catch { /* works without */ } };
  const markOf = async (file) =>
    "philoxenia-upload-" + await digest(new Blob([file.name, "\n", String(file.size), "\n", String(file.lastModified), "\n",
      form.elements.data_set?.value ?? "", file.slice(0, 65536)]));

  const ask = async (address, options = {}) => {
    const answer = await fetch(address, {
      credentials: "same-origin", cache: "no-store", ...options,
      headers: { "X-CSRFToken": token, Accept: "application/json", ...(options.headers ?? {}) },
    });
    const text = options.method === "DELETE" ? "" : await answer.text();
    let said = {};
    try { said = JSON.parse(text); } catch { /* a page of errors, not ours */ }
    return { status: answer.status, ok: answer.ok, said };
  };

  // Network faults and a server that restarts are tried again; a refusal is told.
  const insist = async (send) => {
    for (let wait = 1; ; wait = Math.min(wait * 2, LONGEST_WAIT)) {
      await untilResumed();
      try {
        const answer = await send();
        if (answer.status < 500 || answer.status === 507) return answer;
      } catch { /* no connection */ }
      const seconds = Math.round(wait * (0.75 + Math.random() / 2));
      say(words("Waiting", { seconds }));
      await sleep(seconds);
    }
  };
  const untilResumed = async () => { while (paused) { say(words("Paused")); await sleep(3600); } };

  const begin = async (file, mark) => {
    // The key is kept before it is sent, so that an answer lost on the way begins nothing twice.
    let known = recall(mark);
    for (;;) {
      const said = new URLSearchParams({ name: file.name, size: file.size, key: known?.key ?? crypto.randomUUID() });
      for (const name of ["organisation", "data_set", "contract"]) said.set(name, form.elements[name]?.value ?? "");
      remember(mark, { key: said.get("key") });
      const answer = await insist(() => ask(form.dataset.upload, {
        method: "POST", body: said,
      }));
      if (answer.ok) {
        if (answer.said.offset) say(words("Resume"));
        return answer.said;
      }
      forget(mark);
      if (!known) throw new Error(answer.said.said || words("Refused"));
      known = null;
    }
  };

  const sendAll = async (file, upload) => {
    let offset = upload.offset;
    const started = performance.now(), first = offset;
    while (offset < file.size) {
      await untilResumed();
      const piece = file.slice(offset, Math.min(offset + upload.piece, file.size));
      const sum = await digest(piece);
      const answer = await insist(() => ask(upload.address, {
        method: "PATCH", body: piece,
        headers: { "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(offset), "Upload-Checksum": sum },
      }));
      if (answer.status === 409) offset = answer.said.offset;
      else if (answer.ok) offset = answer.said.offset;
      else if (answer.status !== 460) throw new Error(answer.said.said || words("Refused"));
      show(offset, file.size, first, started);
    }
  };
  const show = (offset, size, first, started) => {
    bar.value = 100 * offset / size;
    const seconds = (performance.now() - started) / 1000;
    const left = Math.ceil((size - offset) * seconds / Math.max(offset - first, 1));
    const words_left = left > 90 ? words("Minutes", { n: Math.ceil(left / 60) }) : words("Seconds", { n: left });
    say(words("Sending", { here: megabytes(offset), size: megabytes(size), left: words_left }));
  };

  const run = async (file) => {
    const mark = await markOf(file);
    const upload = await begin(file, mark);
    await sendAll(file, upload);
    say(words("Finishing"));
    bar.removeAttribute("value");
    const answer = await insist(() => ask(upload.finish, { method: "POST" }));
    if (!answer.ok) throw new Error(answer.said.said || words("Refused"));
    forget(mark);
    location.assign(answer.said.page);
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    if (state === "running") return;
    const file = input.files[0];
    sending.hidden = false;
    if (!file) return say(words("Choose"));
    if (!file.size) return say(words("Empty"));
    if (file.size > Number(form.dataset.most)) return say(words("TooLarge"));
    state = "running";
    sendButton.hidden = true;
    pauseButton.hidden = false;
    try {
      await run(file);
    } catch (problem) {
      say(problem.message || words("Refused"));
      sendButton.hidden = false;
      pauseButton.hidden = true;
    } finally {
      state = null;
    }
  }, true);
  pauseButton.addEventListener("click", () => {
    paused = true;
    pauseButton.hidden = true;
    resumeButton.hidden = false;
    say(words("Paused"));
    resumeButton.focus();
  });
  resumeButton.addEventListener("click", () => {
    paused = false;
    resumeButton.hidden = true;
    pauseButton.hidden = false;
    wake?.();
    pauseButton.focus();
  });
  window.addEventListener("online", () => wake?.());
})();
