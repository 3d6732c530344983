// Signing in: show or hide a password; passkeys. Words come from the script's own data- attributes.
(() => {
const words = document.currentScript.dataset;

for (const input of document.querySelectorAll('input[type="password"]')) {
  const row = document.createElement('div');
  row.className = 'password-row';
  input.replaceWith(row);
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'button-quiet';
  button.setAttribute('aria-controls', input.id);
  const tell = () => {
    const hidden = input.type === 'password';
    button.textContent = hidden ? words.show : words.hide;
    button.setAttribute('aria-label', hidden ? words.showAll : words.hideAll);
  };
  button.addEventListener('click', () => {
    input.type = input.type === 'password' ? 'text' : 'password';
    tell();
  });
  // A shown password must not be kept by the browser as an ordinary text.
  if (input.form) input.form.addEventListener('submit', () => { input.type = 'password'; });
  tell();
  row.append(input, button);
}

const toBytes = (text) => Uint8Array.from(
  atob(text.replace(/-/g, '+').replace(/_/g, '/')), (letter) => letter.charCodeAt(0));
const toText = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
const withId = (one) => ({ ...one, id: toBytes(one.id) });

async function add(options, passwordless) {
  const publicKey = { ...options.publicKey };
  publicKey.challenge = toBytes(publicKey.challenge);
  publicKey.user = withId(publicKey.user);
  publicKey.excludeCredentials = (publicKey.excludeCredentials || []).map(withId);
  publicKey.authenticatorSelection = {
    ...publicKey.authenticatorSelection,
    residentKey: passwordless ? 'required' : 'discouraged',
    requireResidentKey: passwordless,
    userVerification: 'required',
  };
  const made = await navigator.credentials.create({ publicKey });
  return told(made, {
    attestationObject: toText(made.response.attestationObject),
    transports: made.response.getTransports ? made.response.getTransports() : [],
  });
}

async function use(options) {
  const publicKey = { ...options.publicKey };
  publicKey.challenge = toBytes(publicKey.challenge);
  publicKey.allowCredentials = (publicKey.allowCredentials || []).map(withId);
  const found = await navigator.credentials.get({ publicKey });
  return told(found, {
    authenticatorData: toText(found.response.authenticatorData),
    signature: toText(found.response.signature),
    userHandle: found.response.userHandle ? toText(found.response.userHandle) : null,
  });
}

function told(credential, response) {
  return JSON.stringify({
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: { clientDataJSON: toText(credential.response.clientDataJSON), ...response },
  });
}

async function optionsOf(button) {
  if (button.dataset.options) return JSON.parse(document.getElementById(button.dataset.options).textContent);
  const answer = await fetch(button.dataset.ask, { headers: { Accept: 'application/json' } });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

async function press(button) {
  const given = await optionsOf(button);
  if (button.dataset.passkey !== 'add') return use(given.request_options);
  const passwordless = document.getElementById(button.dataset.passwordless);
  return add(given.creation_options, Boolean(passwordless && passwordless.checked));
}

function say(button, text) {
  let place = button.form.querySelector('[role="alert"]');
  if (!place) {
    place = document.createElement('p');
    place.setAttribute('role', 'alert');
    button.closest('.form-actions').before(place);
  }
  place.textContent = text;
}

for (const button of document.querySelectorAll('[data-passkey]')) {
  button.addEventListener('click', async (event) => {
    event.preventDefault();
    if (!window.PublicKeyCredential) return say(button, words.missing);
    try {
      document.getElementById(button.dataset.into).value = await press(button);
      button.form.submit();
    } catch {
      say(button, words.failed);
    }
    return undefined;
  });
}
})();
