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
    const values = Object.entries(found?.groups ?? {}).map(([name, value]) => [name, OTHER.names[value] ?? value]);
    if (found) return filled(other, Object.fromEntries(values));
  }
  return words;
}

// A moment; in other languages with the months as the server has them: no browser knows Tajik.
const MOMENTS = new Intl.DateTimeFormat(placeOf("en"), { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" });

function moment(at) {
  if (!OTHER.months) return MOMENTS.format(at);
  const [hours, minutes] = [at.getHours(), at.getMinutes()].map((each) => String(each).padStart(2, "0"));
  return `${at.getDate()} ${OTHER.months[at.getMonth()]} ${at.getFullYear()}, ${hours}:${minutes}`;
}

function placeOf(language) {
  return navigator.languages.find((each) => each.startsWith(language)) ?? language;
}

// The server tells times in UTC, for it does not know where one is.
function localTimes(within) {
  for (const time of within.querySelectorAll("time[datetime]")) {
    const at = new Date(time.dateTime);
    if (time.dateTime.includes("T") && !Number.isNaN(at.valueOf())) time.textContent = moment(at);
  }
}
