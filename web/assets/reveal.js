// Gives each password field a button that shows what was typed (NIST SP
// 800-63B-4, 3.1.1.2). Without script the fields work as they are.
"use strict";
for (const input of document.querySelectorAll("input[type=password][data-show]")) {
  const button = document.createElement("button");
  const set = (shown) => {
    input.type = shown ? "text" : "password";
    button.textContent = shown ? input.dataset.hide : input.dataset.show;
    button.setAttribute("aria-label", `${button.textContent}: ${input.labels[0].textContent}`);
  };
  button.type = "button";
  button.className = "reveal";
  button.setAttribute("aria-controls", input.id);
  button.addEventListener("click", () => set(input.type === "password"));
  // Never submit in clear: browsers would remember it as ordinary text.
  input.form.addEventListener("submit", () => set(false));
  set(false);
  input.after(button);
}

// What stands behind the # of an address names a page of an app, such as a role's
// console in the portal (#/console?...). The next page of this host would forget it;
// carried in the addresses of forms and links, it outlives sign-in.
if (location.hash.startsWith("#/")) {
  const carry = (element, name) => {
    const address = new URL(element.getAttribute(name), location.href);
    if (address.origin !== location.origin || address.hash) return;
    address.hash = location.hash;
    element.setAttribute(name, address.href);
  };
  for (const form of document.forms) carry(form, "action");
  for (const link of document.querySelectorAll("a[href]:not([download])")) carry(link, "href");
}
