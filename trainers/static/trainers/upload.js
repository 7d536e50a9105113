// Comforts only: the form works without this file. Says how much has been sent, notices a cut upload,
// and measures the file before a long wait.
"use strict";

function watchUpload(form) {
  const panel = form.querySelector("[data-upload-progress]");
  const label = panel.querySelector("label");
  const bar = panel.querySelector("progress");
  const size = form.elements.declared_bytes;

  form.addEventListener("change", (event) => {
    if (event.target.name !== "file") return;
    const file = event.target.files[0];
    size.value = file ? file.size : "";
  });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const buttons = form.querySelectorAll("button");
    const request = new XMLHttpRequest();
    const wake = () => buttons.forEach((button) => (button.disabled = false));
    buttons.forEach((button) => (button.disabled = true));
    panel.hidden = false;
    label.textContent = label.dataset.sending;
    request.upload.addEventListener("progress", (sent) => {
      if (sent.lengthComputable) bar.value = (100 * sent.loaded) / sent.total;
    });
    request.upload.addEventListener("load", () => {
      label.textContent = label.dataset.checking;
      bar.removeAttribute("value");
    });
    request.addEventListener("error", () => {
      label.textContent = label.dataset.broken;
      bar.value = 0;
      wake();
    });
    request.addEventListener("load", () => show(request, form, wake));
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "text/html");
    request.send(new FormData(form));
  });
}

// The answer is a page: the one the server sent us to, or this one with what must be mended.
function show(request, form, wake) {
  const page = new DOMParser().parseFromString(request.responseText, "text/html");
  const main = page.querySelector("main");
  if (!main) {
    wake();
    return;
  }
  const again = main.querySelector("form[data-upload]");
  if (again) again.querySelector("[name=file]").replaceWith(form.elements.file); // what was chosen stays chosen
  document.querySelector("main").replaceWith(document.adoptNode(main));
  document.title = page.title;
  if (request.responseURL !== location.href) history.pushState(null, "", request.responseURL);
  if (again) watchUpload(again);
  (document.querySelector("[data-focus]") || document.querySelector("main")).focus();
}

window.addEventListener("popstate", () => location.reload());
document.querySelectorAll("form[data-upload]").forEach(watchUpload);
