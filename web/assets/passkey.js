// Asks the browser for a passkey or security key when a form with data-ceremony is
// sent, and sends what it answers, or the name of what went wrong: the server has
// the words.
"use strict";
{
  const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => buffer ? btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "") : undefined;
  const listed = (list) => list?.map((c) => ({ ...c, id: bytes(c.id) }));

  // PublicKeyCredential.parse…FromJSON and toJSON, for browsers that lack them.
  const decode = (o) => ({
    ...o,
    challenge: bytes(o.challenge),
    ...(o.user && { user: { ...o.user, id: bytes(o.user.id) } }),
    allowCredentials: listed(o.allowCredentials),
    excludeCredentials: listed(o.excludeCredentials),
  });
  const encode = (c) => ({
    id: c.id,
    rawId: text(c.rawId),
    type: c.type,
    authenticatorAttachment: c.authenticatorAttachment ?? undefined,
    clientExtensionResults: {},
    response: {
      clientDataJSON: text(c.response.clientDataJSON),
      attestationObject: text(c.response.attestationObject),
      transports: c.response.getTransports?.(),
      authenticatorData: c.response.attestationObject ? undefined : text(c.response.authenticatorData),
      signature: text(c.response.signature),
      userHandle: text(c.response.userHandle),
    },
  });

  for (const form of document.querySelectorAll("form[data-ceremony]")) {
    const credential = form.querySelector("input[name=credential]");
    const failure = form.querySelector("input[name=failure]");
    const button = form.querySelector("button");
    const status = form.querySelector("[role=status]");
    const wait = (on) => {
      button.disabled = on;
      status.textContent = on ? form.dataset.wait : "";
    };
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      wait(true);
      try {
        const answer = await navigator.credentials[form.dataset.ceremony]({ publicKey: decode(JSON.parse(form.dataset.options)) });
        credential.value = JSON.stringify(encode(answer));
      } catch (e) {
        failure.value = e.name;
      }
      form.submit();
    });
    // A page that comes back from the browser's history starts afresh.
    addEventListener("pageshow", () => {
      credential.value = failure.value = "";
      wait(false);
    });
  }
}
