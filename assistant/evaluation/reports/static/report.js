"use strict";
/* The list of questions. All text is set as text, never as markup. */
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const $ = (id) => document.getElementById(id);
  const STEP = 100;
  const MOVED = ["better", "worse", "mixed"];
  const searchable = data.questions.map((q) => `${q.id}\n${q.question}\n${q.answer}`.toLowerCase());
  let found = [];
  let shown = 0;

  function element(tag, className, text) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  function options(select, all, names, counts) {
    select.append(new Option(all, ""));
    names.forEach((name, number) => {
      if (counts[number]) select.append(new Option(`${name} (${counts[number].toLocaleString("en")})`, number));
    });
    select.hidden = select.options.length < 2;
  }

  function counted(number) {
    return `${number.toLocaleString("en")} question${number === 1 ? "" : "s"}`;
  }

  // -- one question ---------------------------------------------------------------------

  function row(q) {
    const details = element("details");
    const summary = element("summary");
    const outcome = data.outcomes[q.outcome];
    summary.append(element("span", `outcome ${outcome.replaceAll(" ", "-")}`, outcome));
    summary.append(element("span", "asked", q.question));
    const side = [q.moved, q.shares[0] === null ? "" : `F1 ${q.shares[0].toFixed(2)}`, q.id];
    summary.append(element("span", "side", side.filter(Boolean).join(" · ")));
    details.append(summary);
    details.addEventListener("toggle", () => {
      if (details.open && details.children.length === 1) details.append(whole(q));
    });
    return details;
  }

  function whole(q) {
    const box = element("div", "whole");
    for (const [role, content] of q.history) box.append(element("p", "turn", `${role === "user" ? "Before" : "Answered"}: ${content}`));
    if (q.why.length) {
      const why = element("ul", "why");
      for (const reason of q.why) why.append(element("li", "", reason));
      box.append(why);
    }
    box.append(element("p", "answer", q.answer));
    const beside = element("div", "beside");
    beside.append(column("Expected", q.expected, "Nothing in the documents, or the set does not say."));
    beside.append(column(cited(q), q.cited, "Nothing."));
    box.append(beside);
    const shares = data.figures.map((name, i) => (q.shares[i] === null ? "" : `${name} ${q.shares[i].toFixed(2)}`));
    const rank = q.rank ? `evidence at rank ${q.rank}` : "";
    box.append(element("p", "shares", [...shares, rank, `${q.ms} ms`].filter(Boolean).join(" · ")));
    return box;
  }

  function cited(q) {
    return q.credited.length ? `Cited, credited to ${q.credited.join(" and ")}` : "Cited";
  }

  function column(title, places, none) {
    const made = element("div");
    made.append(element("h4", "", title));
    if (!places.length) made.append(element("p", "none", none));
    for (const [number, marks] of places) {
      const [name, start, text] = data.excerpts[number];
      made.append(element("p", "source", `${name}, from character ${start.toLocaleString("en")}`));
      made.append(marked(text, marks));
    }
    return made;
  }

  function marked(text, marks) {
    const made = element("p", "excerpt");
    let at = 0;
    for (const [start, end, kind] of marks) {
      if (end <= at) continue;
      made.append(text.slice(at, Math.max(at, start)));
      const mark = element("mark", kind, text.slice(Math.max(at, start), end));
      mark.title = kind === "expected" ? "expected" : `cited: ${kind}`;
      made.append(mark);
      at = end;
    }
    made.append(text.slice(at));
    return made;
  }

  // -- which questions ------------------------------------------------------------------

  function filter() {
    const words = $("words").value.toLowerCase().split(/\s+/).filter(Boolean);
    const [outcome, group, moved] = ["outcome", "group", "moved"].map((id) => $(id).value);
    found = data.questions.filter((q, i) =>
      (outcome === "" || q.outcome === Number(outcome)) &&
      (group === "" || q.groups.includes(Number(group))) &&
      (moved === "" || q.moved === MOVED[moved]) &&
      words.every((word) => searchable[i].includes(word)));
    shown = 0;
    $("rows").replaceChildren();
    more();
    $("clear").hidden = !(words.length || outcome || group || moved);
    $("count").textContent = found.length === data.questions.length ? counted(found.length) : `${found.length.toLocaleString("en")} of ${counted(data.questions.length)}`;
    for (const part of document.querySelectorAll(".part")) part.setAttribute("aria-pressed", String(part.dataset.outcome === outcome));
  }

  function more() {
    $("rows").append(...found.slice(shown, shown + STEP).map(row));
    shown = Math.min(found.length, shown + STEP);
    $("more").hidden = shown === found.length;
    $("more").textContent = `Show ${Math.min(STEP, found.length - shown)} more of ${(found.length - shown).toLocaleString("en")}`;
  }

  function count(size, numbers) {
    const counts = Array(size).fill(0);
    for (const number of numbers) counts[number] += 1;
    return counts;
  }

  const all = data.questions;
  options($("outcome"), "Any outcome", data.outcomes, count(data.outcomes.length, all.map((q) => q.outcome)));
  options($("group"), "Any kind", data.groups, count(data.groups.length, all.flatMap((q) => q.groups)));
  options($("moved"), "Changed or not", MOVED, MOVED.map((way) => all.filter((q) => q.moved === way).length));
  $("words").addEventListener("input", filter);
  for (const id of ["outcome", "group", "moved"]) $(id).addEventListener("change", filter);
  $("more").addEventListener("click", more);
  $("clear").addEventListener("click", () => {
    for (const id of ["words", "outcome", "group", "moved"]) $(id).value = "";
    filter();
    $("words").focus();
  });
  for (const part of document.querySelectorAll(".part")) {
    part.addEventListener("click", () => {
      $("outcome").value = $("outcome").value === part.dataset.outcome ? "" : part.dataset.outcome;
      filter();
      $("questions").scrollIntoView();
    });
  }
  filter();
})();
