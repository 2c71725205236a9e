// What scripts say, in the language of the page: English stands where it is said, another language
// comes with words/LANGUAGE.js. Every page loads this before its other scripts.
"use strict";

const LANGUAGE = document.documentElement.lang;
const OTHER = globalThis.WORDS ?? { phrases: {}, counted: {}, told: {} };
const PLURALS = new Intl.PluralRules(LANGUAGE);
const GROUPED = new Intl.NumberFormat(LANGUAGE === "en" ? "en" : "ru");

function number(count, digits = 0) {
  return digits ? count.toLocaleString(LANGUAGE === "en" ? "en" : "ru", { maximumFractionDigits: digits }) : GROUPED.format(count);
}

function _(text, values = {}) {
  return filled(OTHER.phrases[text] ?? text, values);
}

function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (place, name) => (
    typeof values[name] === "number" ? number(values[name]) : values[name] ?? place));
}

function counted(count, noun) {
  const forms = OTHER.counted[noun];
  if (!forms) return `${number(count)} ${noun}${count === 1 ? "" : "s"}`;
  return `${number(count)} ${forms[PLURALS.select(count)] ?? forms.other}`;
}

// What the server says in English, as programs read it; what is not known stays.
function retold(words) {
  for (const [english, other] of Object.entries(OTHER.told)) {
    const pattern = english.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{(\w+)\}/g, "(?<$1>.+?)");
    const found = new RegExp(`^${pattern}$`, "s").exec(words);
    if (found) return filled(other, found.groups ?? {});
  }
  return words;
}

// A moment; browsers know no Tajik, and write it in figures.
const MOMENTS = LANGUAGE === "tg"
  ? new Intl.DateTimeFormat("ru", { day: "2-digit", month: "2-digit", year: "numeric", hour: "2-digit", minute: "2-digit" })
  : new Intl.DateTimeFormat(placeOf(LANGUAGE), { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" });

function placeOf(language) {
  return navigator.languages.find((each) => each.startsWith(language)) ?? language;
}

// The server tells times in UTC, for it does not know where one is.
function localTimes(within) {
  for (const time of within.querySelectorAll("time[datetime]")) {
    const at = new Date(time.dateTime);
    if (time.dateTime.includes("T") && !Number.isNaN(at.valueOf())) time.textContent = MOMENTS.format(at);
  }
}
