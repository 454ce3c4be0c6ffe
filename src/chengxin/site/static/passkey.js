/* Asks the browser for a passkey and sends what it says with the form. A page that needs it says what to do without. */
(() => {
  "use strict";
  const form = document.querySelector("form[data-passkey]");
  const known = window.PublicKeyCredential;
  if (!form || !known || !known.parseCreationOptionsFromJSON || !known.parseRequestOptionsFromJSON) return;
  const options = JSON.parse(form.dataset.options).publicKey;
  const making = form.dataset.passkey === "create";
  form.querySelector("[data-without]").hidden = true;
  const button = form.querySelector("button");
  button.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const credential = making
        ? await navigator.credentials.create({ publicKey: known.parseCreationOptionsFromJSON(options) })
        : await navigator.credentials.get({ publicKey: known.parseRequestOptionsFromJSON(options) });
      form.elements.credential.value = JSON.stringify(credential.toJSON());
      form.submit(); // this asks nobody again
    } catch {
      form.querySelector("[data-failed]").hidden = false;
    }
  });
})();
