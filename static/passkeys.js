// Passkeys, where the browser knows them; every page that has them works without by app or recovery code.
// A form marked data-passkey asks the server for options, lets the person choose, and sends the answer.
(() => {
  if (!window.PublicKeyCredential || !navigator.credentials) return;

  const toBytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
  const toText = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const withBytes = (list) => (list || []).map((item) => ({ ...item, id: toBytes(item.id) }));

  async function askForOptions(form) {
    const body = new URLSearchParams({ csrf_token: form.elements.csrf_token.value });
    const answer = await fetch(form.dataset.options, { method: "POST", body, credentials: "same-origin" });
    if (answer.redirected) {
      // A fresh proof is asked for first.
      location.assign(answer.url);
      return null;
    }
    if (!answer.ok) throw new Error("No options");
    return answer.json();
  }

  async function make(options) {
    const publicKey = {
      ...options,
      challenge: toBytes(options.challenge),
      user: { ...options.user, id: toBytes(options.user.id) },
      excludeCredentials: withBytes(options.excludeCredentials),
    };
    const made = await navigator.credentials.create({ publicKey });
    return {
      id: made.id, rawId: made.id, type: made.type,
      response: {
        clientDataJSON: toText(made.response.clientDataJSON),
        attestationObject: toText(made.response.attestationObject),
        transports: made.response.getTransports ? made.response.getTransports() : [],
      },
    };
  }

  async function use(options) {
    const publicKey = {
      ...options,
      challenge: toBytes(options.challenge),
      allowCredentials: withBytes(options.allowCredentials),
    };
    const used = await navigator.credentials.get({ publicKey });
    return {
      id: used.id, rawId: used.id, type: used.type,
      response: {
        clientDataJSON: toText(used.response.clientDataJSON),
        authenticatorData: toText(used.response.authenticatorData),
        signature: toText(used.response.signature),
        userHandle: used.response.userHandle ? toText(used.response.userHandle) : null,
      },
    };
  }

  async function run(form) {
    const problems = form.querySelectorAll("[data-passkey-problem]");
    const button = form.querySelector("button[type=submit]");
    problems.forEach((problem) => { problem.hidden = true; });
    button.disabled = true;
    try {
      const options = await askForOptions(form);
      if (options === null) return;
      const answer = form.dataset.passkey === "make" ? await make(options) : await use(options);
      form.elements.answer.value = JSON.stringify(answer);
      form.submit();
    } catch (error) {
      const kind = error.name === "InvalidStateError" ? "again" : "any";
      problems.forEach((problem) => { problem.hidden = problem.dataset.passkeyProblem !== kind; });
      button.disabled = false;
    }
  }

  document.querySelectorAll("form[data-passkey]").forEach((form) => {
    const host = form.dataset.host;
    if (location.hostname !== host && !location.hostname.endsWith("." + host)) return;
    form.hidden = false;
    document.querySelectorAll("[data-passkey-without]").forEach((words) => { words.hidden = true; });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      run(form);
    });
  });
})();
