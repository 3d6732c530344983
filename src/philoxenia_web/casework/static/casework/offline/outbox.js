"use strict";
/* What is done with a copy of a case and with what is not sent yet. No storage, no network, no clock: values in, values
   out. The rules on the other side are in casework/offline/protocol.py; both are tried against each other. */
(function (root) {
  const fieldOf = (copy, object, field) => {
    const thing = copy.things.find((one) => one.id === object);
    return thing && field in thing.values ? thing : null;
  };

  const next = (box) => box.number + 1;

  const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

  function change(box, copy, given) {
    return {
      number: next(box), case: copy.id, base: "", seen: "", over: [], after: null, sent: false, was: null, ...given,
    };
  }

  const put = (box, one) => ({ ...box, number: one.number, waiting: [...box.waiting, one] });

  /* What stands nowhere else, until its author has read why. */
  const aside = (box, one, reason) => ({ ...box, refused: [...box.refused, { ...one, reason }] });

  /* A field set anew: [copy, box]. What was not sent yet is written over in place; what was sent may have come, so
     that the new change names it. A field that a person decides stays as it is, and so does one that is gone: what
     was to be written there is kept beside. */
  function set(copy, box, { kind, object, field, value, key, at }) {
    const thing = fieldOf(copy, object, field);
    if (thing && same(thing.values[field], value)) return [copy, box];
    if (!thing || thing.disputed.includes(field)) {
      const one = change(box, copy, { key, kind: thing ? thing.kind : kind, object, field, value, at });
      return [copy, aside(box, one, thing ? "not_allowed" : "gone")];
    }
    const fresh = withValue(copy, object, field, value);
    const birth = box.waiting.find((one) => one.object === object && one.field === "");
    if (birth && !birth.sent) {
      const grown = { ...birth, value: { ...birth.value, [field]: value } };
      return [fresh, { ...box, waiting: box.waiting.map((one) => (one === birth ? grown : one)) }];
    }
    const waiting = box.waiting.filter((one) => one.object === object && one.field === field);
    const last = waiting[waiting.length - 1];
    if (last && !last.sent) {
      const undone = !last.over.length && same(last.was, value);
      const kept = box.waiting.filter((one) => one !== last || !undone).map((one) => (one === last ? { ...one, value, at } : one));
      return [fresh, { ...box, waiting: kept }];
    }
    const one = change(box, copy, {
      key, kind: thing.kind, object, field, value, at, base: thing.versions[field] || "", seen: thing.version || "",
      was: thing.values[field], over: waiting.map((before) => before.key), after: birth ? birth.key : null,
    });
    return [fresh, put(box, one)];
  }

  /* Something new: a note, a need. Its key is its name until the city has another; `beside` are values it begins with. */
  function add(copy, box, { kind, value, beside, key, at }) {
    const thing = { kind, id: key, values: { ...beside, ...value }, versions: {}, version: "", disputed: [], made: at };
    return [{ ...copy, things: [...copy.things, thing] }, put(box, change(box, copy, { key, kind, object: key, field: "", value, at }))];
  }

  function withValue(copy, object, field, value) {
    return withThing(copy, object, (thing) => ({ ...thing, values: { ...thing.values, [field]: value } }));
  }

  function withThing(copy, object, work) {
    return { ...copy, things: copy.things.map((thing) => (thing.id === object ? work(thing) : thing)) };
  }

  /* The next ones to send but for those the city asked to hear `later`, oldest first, marked as sent: [batch, box]. Keep
     the box before sending. */
  function batch(box, most, later = []) {
    const next = box.waiting.filter((one) => !later.includes(one.key)).slice(0, most);
    const waiting = box.waiting.map((one) => (next.includes(one) ? { ...one, sent: true } : one));
    return [waiting.filter((_, at) => next.includes(box.waiting[at])), { ...box, waiting }];
  }

  /* Answers taken in: [copies, box]. `later` stays; what was refused is kept beside, to be read and written anew. */
  function hear(copies, box, results) {
    let kept = { ...copies };
    const fresh = { ...box, waiting: [...box.waiting], refused: [...box.refused], heard: { ...box.heard } };
    for (const result of results) {
      const at = fresh.waiting.findIndex((one) => one.key === result.key);
      if (at < 0 || result.result === "later") continue;
      const [one] = fresh.waiting.splice(at, 1);
      fresh.heard[result.result] = (fresh.heard[result.result] || 0) + 1;
      if (result.result === "refused") fresh.refused.push({ ...one, reason: result.reason });
      if (kept[one.case]) kept = { ...kept, [one.case]: learned(kept[one.case], one, result) };
    }
    return [kept, fresh];
  }

  function learned(copy, one, result) {
    if (result.result === "conflict") {
      const fields = one.field ? [one.field] : Object.keys(one.value);
      return withThing(copy, one.object, (thing) => ({ ...thing, disputed: [...new Set([...thing.disputed, ...fields])] }));
    }
    if (!["applied", "merged"].includes(result.result)) return copy;
    if (!one.field) return copy;
    return withThing(copy, one.object, (thing) => ({ ...thing, versions: { ...thing.versions, [one.field]: result.version } }));
  }

  /* Words that stand nowhere else: what waits, and what was refused and not yet read. */
  const unsent = (box) => box.waiting.length + box.refused.length;

  const empty = () => ({ number: 0, waiting: [], refused: [], heard: {} });

  root.philoxenia = Object.assign(root.philoxenia || {}, { outbox: { set, add, batch, hear, unsent, empty } });
})(self);
