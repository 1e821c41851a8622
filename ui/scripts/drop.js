// Dropping files on the upload form; the file field does the same without it.

const drop = document.querySelector("[data-drop]");
if (drop) {
  const files = drop.querySelector("input[type=file]");
  const over = (on) => (event) => {
    event.preventDefault();
    drop.classList.toggle("over", on);
  };
  drop.addEventListener("dragover", over(true));
  drop.addEventListener("dragleave", over(false));
  drop.addEventListener("drop", (event) => {
    over(false)(event);
    files.files = event.dataTransfer.files;
  });
}
