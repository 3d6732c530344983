// The code of a slip comes after #, so that no server saw it: it is put into its field and taken out of the address.
const code = decodeURIComponent(location.hash.slice(1));
if (/^[0-9A-Z]{5}-[0-9A-Z]{4}-[0-9A-Z]{4}$/.test(code)) {
  const field = document.getElementById("code");
  if (field) {
    field.value = code;
    const folded = field.closest("details");
    if (folded) folded.open = true;
    field.form.querySelector("[name=pin]").focus();
  }
  history.replaceState(null, "", location.pathname);
}
