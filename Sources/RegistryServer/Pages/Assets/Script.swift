/// The script of all pages: what it adds isn't needed by any of them.
enum Script {
    static let text = """
        "use strict";
        // A slash leads to the search, as on many sites.
        const search = document.getElementById("q");
        document.addEventListener("keydown", (event) => {
          const inField = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
          if (event.key === "/" && !inField && !event.ctrlKey && !event.metaKey && !event.altKey) {
            event.preventDefault();
            search.focus();
          }
        });
        // A file that is dropped on the form is sent as if it had been chosen.
        const drop = document.querySelector("form.drop");
        const field = drop && drop.querySelector("input[type=file]");
        if (field) {
          field.addEventListener("change", () => { if (field.files.length) drop.requestSubmit(); });
          for (const name of ["dragenter", "dragover"]) {
            drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add("over"); });
          }
          drop.addEventListener("dragleave", () => drop.classList.remove("over"));
          drop.addEventListener("drop", (event) => {
            event.preventDefault();
            drop.classList.remove("over");
            if (event.dataTransfer.files.length) { field.files = event.dataTransfer.files; drop.requestSubmit(); }
          });
        }

        """
}
