"use strict";
/* Taking cases along: the passphrase never leaves this device. */
(function (root) {
  const { vault, outbox, sending } = root.philoxenia;
  const { say, element, notice } = root.philoxenia.page;
  const form = document.getElementById("take");
  const held = document.getElementById("held");
  if (!form) return;
  const fault = document.getElementById("fault");
  const submit = form.querySelector("button.button");
  // Another one for each device: sent twice, the same form makes one.
  let key = form.dataset.key;

  function wrong(said) {
    fault.textContent = said;
    fault.hidden = !said;
    submit.disabled = false;
  }

  function problem(kind, said) {
    if (said) return said;
    return say({ held: "held", offline: "offline", sign_in: "sign_in", full: "full" }[kind] || "broke");
  }

  const HOLDS = ["locked", "open", "expired", "over"];

  async function begin() {
    if (!vault.able()) {
      held.replaceChildren(notice("problem", element("p", {}, say("unable"))));
      held.hidden = false;
      return;
    }
    const state = await vault.state();
    if (state.kind === "wiped") await sending.tellWiped(state);
    const holds = HOLDS.includes(state.kind);
    if (holds && !(await sending.obey(state.device))) return begin();
    form.hidden = holds;
    held.hidden = !holds;
    if (holds) held.replaceChildren(notice("info", element("p", {}, say("held")), element("p", {}, element("a", { href: "work/" }, say("open")))));
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const [passphrase, again] = [form.passphrase.value, form.again.value];
    const cases = [...form.querySelectorAll("input[name=case]:checked")].map((one) => one.value);
    const letters = Number(form.dataset.letters);
    if (!cases.length) return wrong(say("nothing_chosen"));
    if ([...passphrase.normalize("NFKC").trim()].length < letters) return wrong(say("short", { letters }));
    if (passphrase !== again) return wrong(say("differ"));
    wrong("");
    submit.disabled = true;
    try {
      // Another tab may have taken cases along since this one was opened.
      if (HOLDS.includes((await vault.state()).kind)) return void (await begin());
      const { grant, values } = await sending.take({ key, kind: form.kind.value, cases });
      await vault.create(passphrase, grant).catch((found) => {
        if (found.kind === "held") sending.tellWiped({ device: grant.device, why: "done" });
        throw found;
      });
      key = crypto.randomUUID();
      await vault.put({ ...values, outbox: outbox.empty() }, 0);
      form.passphrase.value = form.again.value = "";
      if (!(await sending.keepPage())) throw new sending.Silence("offline");
      if (navigator.storage && navigator.storage.persist) await navigator.storage.persist();
      root.location.assign("work/");
    } catch (found) {
      if (found.kind === "held") await begin();
      wrong(problem(found.kind, found.said));
    }
  });

  root.addEventListener("pageshow", (event) => { if (event.persisted) { submit.disabled = false; begin(); } });
  begin();
})(self);
