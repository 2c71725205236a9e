// The talk with the portal's page, and the bearer that comes of it. Both in memory only.
const TYPES = new Set(["assist:assertion", "assist:settings", "assist:logout"]);
const LONGEST = 20000;
const RENEW_AT = 0.8;

export function parentOrigin(origins) {
  if (window.parent === window) return null;
  const said = location.ancestorOrigins?.[0] ?? originOf(document.referrer);
  return origins.includes(said) ? said : undefined;
}

function originOf(address) {
  try { return new URL(address).origin; } catch { return undefined; }
}

export class Portal {
  // `on` has what to do: settings(values), signedIn({name, person}), loggedOut(), failed(code).
  constructor(origin, embed, on) {
    this.origin = origin;
    this.embed = embed;
    this.on = on;
    this.nonce = null;
    this.token = null;
    this.renewal = 0;
    this.renewed = null;
    addEventListener("message", (event) => this.#heard(event));
  }

  hello(type = "assist:hello") {
    this.nonce = randomText();
    this.#say({ type, nonce: this.nonce });
  }

  close() { this.#say({ type: "assist:close" }); }

  // Calls the API with the bearer; once more with a new one if that has ended meanwhile.
  async call(path, options = {}) {
    const reply = await this.#fetch(path, options);
    if (reply.status !== 401 || !this.token) return reply;
    await this.#again();
    return this.#fetch(path, options);
  }

  #fetch(path, options) {
    const headers = { ...options.headers, Authorization: `Bearer ${this.token}` };
    return fetch(`/api/v1${path}`, { ...options, headers, credentials: "omit", cache: "no-store" });
  }

  #again() {
    this.hello("assist:need-assertion");
    return new Promise((resolve) => {
      const done = () => { clearTimeout(late); this.renewed = null; resolve(); };
      const late = setTimeout(done, 10000);
      this.renewed = done;
    });
  }

  #say(data) { parent.postMessage({ v: 1, ...data }, this.origin); }

  #heard({ origin, source, data }) {
    if (origin !== this.origin || source !== parent) return;
    if (typeof data !== "object" || data === null || data.v !== 1 || !TYPES.has(data.type)) return;
    if (data.type === "assist:settings") this.on.settings(data);
    else if (data.type === "assist:logout") this.#logout();
    else this.#exchange(data);
  }

  async #exchange({ assertion, nonce }) {
    if (typeof assertion !== "string" || assertion.length > LONGEST) return;
    if (this.nonce === null || nonce !== this.nonce) return;
    this.nonce = null;
    let reply;
    try {
      reply = await fetch("/api/v1/embed/token", {
        method: "POST", credentials: "omit", cache: "no-store",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ assertion, nonce, embed: this.embed }),
      });
    } catch { return this.#failed("down"); }
    if (!reply.ok) return this.#failed(await codeOf(reply));
    const { token, expires_in: life, name, person } = await reply.json();
    this.token = token;
    clearTimeout(this.renewal);
    this.renewal = setTimeout(() => this.hello("assist:need-assertion"), life * 1000 * RENEW_AT);
    this.on.signedIn({ name, person });
    this.renewed?.();
  }

  #failed(code) {
    this.token = null;
    this.on.failed(code);
    this.renewed?.();
  }

  #logout() {
    const { token } = this;
    clearTimeout(this.renewal);
    this.token = this.nonce = null;
    this.on.loggedOut();
    if (!token) return;
    const headers = { Authorization: `Bearer ${token}` };
    fetch("/api/v1/embed/logout", { method: "POST", headers, credentials: "omit", keepalive: true }).catch(() => {});
  }
}

async function codeOf(reply) {
  try { return (await reply.json()).error.code; } catch { return "down"; }
}

function randomText() {
  return Array.from(crypto.getRandomValues(new Uint8Array(24)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
