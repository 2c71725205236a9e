// Keeps what the masthead says of how much there is as it is now, and tells here what is being
// added on another page.
"use strict";

const STATUS = new URL("../library/status", document.currentScript.src).pathname;
const ASKED_EVERY = 15_000;

const scope = () => document.querySelector(".masthead .scope");
let heard = 0;

async function recount() {
  if (document.hidden || !scope() || Date.now() - heard < 5_000) return;
  const reply = await fetch(STATUS).catch(() => null);
  if (!reply?.ok) return;
  const counts = await reply.json();
  if (scope()) scope().textContent = counts.working || counts.scope;
}

new BroadcastChannel("adding").onmessage = ({ data }) => {
  heard = data ? Date.now() : 0;
  if (data && scope()) scope().textContent = data;
  else recount();
};
document.addEventListener("visibilitychange", recount);
setInterval(recount, ASKED_EVERY);
