/* May this person use that service? Worked out here, on the device: nothing is sent, nothing is kept.
 *
 * The same three-valued logic as philoxenia.directory.eligibility; one table of cases holds both.
 * Written for old telephones: no modules, no library. */
(function (scope) {
  "use strict";

  var DEEPEST = 8;

  function own(object, key) {
    return Object.prototype.hasOwnProperty.call(object, key);
  }

  function takes(question, value) {
    if (!question) return false;
    if (question.kind === "yes_no") return typeof value === "boolean";
    if (question.kind === "choice") {
      return typeof value === "string" && question.choices.some(function (pair) { return pair[0] === value; });
    }
    return typeof value === "number" && isFinite(value) && Math.floor(value) === value &&
      value >= question.lowest && value <= question.highest;
  }

  function holds(rule, value) {
    if (own(rule, "in")) return rule["in"].indexOf(value) !== -1;
    if (own(rule, "at_least")) return value >= rule.at_least;
    if (own(rule, "at_most")) return value <= rule.at_most;
    return value === rule.is;
  }

  function unique(lists) {
    var found = [];
    lists.forEach(function (list) {
      list.forEach(function (one) { if (found.indexOf(one) === -1) found.push(one); });
    });
    return found;
  }

  function condition(rule, answers, questions) {
    var name = rule.question;
    var question = own(questions, name) ? questions[name] : null;
    var value = own(answers, name) ? answers[name] : undefined;
    if (!takes(question, value)) return { answer: "unknown", open: [name] };
    return { answer: holds(rule, value) ? "yes" : "no", open: [] };
  }

  function several(deciding, found) {
    var answers = found.map(function (one) { return one.answer; });
    if (answers.indexOf(deciding) !== -1) return { answer: deciding, open: [] };
    if (answers.indexOf("unknown") !== -1) {
      return { answer: "unknown", open: unique(found.map(function (one) { return one.open; })) };
    }
    return { answer: deciding === "no" ? "yes" : "no", open: [] };
  }

  function walk(rule, answers, questions, depth) {
    var each = function (part) { return walk(part, answers, questions, depth + 1); };
    if (!rule || depth > DEEPEST) return { answer: "unknown", open: [] };
    if (own(rule, "question")) return condition(rule, answers, questions);
    if (own(rule, "not")) {
      var inner = each(rule.not);
      return { answer: { yes: "no", no: "yes", unknown: "unknown" }[inner.answer], open: inner.open };
    }
    if (own(rule, "all")) return several("no", rule.all.map(each));
    if (own(rule, "any")) return several("yes", rule.any.map(each));
    return { answer: "unknown", open: [] };
  }

  function evaluate(rule, answers, questions) {
    return walk(rule, answers, questions, 0);
  }

  function read(form, questions) {
    var answers = {};
    Object.keys(questions).forEach(function (name) {
      var kind = questions[name].kind;
      var chosen = form.querySelector('[name="' + name + '"]' + (kind === "number" ? "" : ":checked"));
      if (!chosen || chosen.value === "") return;
      if (kind === "yes_no") answers[name] = chosen.value === "yes";
      else answers[name] = kind === "number" ? Number(chosen.value) : chosen.value;
    });
    return answers;
  }

  function each(root, selector, act) {
    Array.prototype.forEach.call(root.querySelectorAll(selector), act);
  }

  function show(root, form, check) {
    var answers = read(form, check.questions);
    var waiting = [];
    var hits = 0;
    check.outcomes.forEach(function (outcome) {
      var found = evaluate(outcome.rule, answers, check.questions);
      root.querySelector('[data-outcome="' + outcome.id + '"]').hidden = found.answer !== "yes";
      if (found.answer === "yes") hits += 1;
      waiting = unique([waiting, found.open]);
    });
    // One open question at a time, in the order in which the author asks; answered ones stay to be changed.
    var next = Object.keys(check.questions).filter(function (name) {
      return !own(answers, name) && waiting.indexOf(name) !== -1;
    })[0];
    each(form, "[data-question]", function (box) {
      var name = box.getAttribute("data-question");
      var typed = document.activeElement && box.contains(document.activeElement);
      box.hidden = !own(answers, name) && name !== next && !typed;
    });
    root.querySelector("[data-none]").hidden = hits > 0 || waiting.length > 0;
    root.querySelector("[data-waiting]").hidden = hits === 0 || waiting.length === 0;
  }

  function begin(root) {
    var check = JSON.parse(root.getAttribute("data-check"));
    var form = root.querySelector("form");
    var refresh = function () { show(root, form, check); };
    form.hidden = false;
    each(root, "[data-plain],[data-answers]", function (box) { box.hidden = true; });
    form.addEventListener("input", refresh);
    form.addEventListener("change", refresh);
    // A form that is sent would carry the answers away.
    form.addEventListener("submit", function (event) { event.preventDefault(); });
    form.addEventListener("reset", function () { setTimeout(refresh, 0); });
    form.reset();
    refresh();
  }

  scope.philoxeniaEligibility = { evaluate: evaluate };
  if (typeof document !== "undefined") {
    each(document, "[data-check]", begin);
  }
})(typeof self !== "undefined" ? self : this);
