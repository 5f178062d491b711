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
// console in the portal (#/console?...). A form's answer would forget it; carried in
// the form's address, it outlives sign-in.
if (location.hash.startsWith("#/")) {
  for (const form of document.forms) {
    const action = new URL(form.getAttribute("action"), location.href);
    action.hash = location.hash;
    form.setAttribute("action", action.href);
  }
}
