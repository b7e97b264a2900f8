/// The question what a file is, and its form.
enum IdentifyPage {
    static func page() -> Page {
        Page(
            title: "What is this file?",
            lead: "Its bytes are compared with every released file: by digest, then by code, build-id and content.",
            body: IdentifyForm.html
        )
    }
}

/// The form that takes a file.
enum IdentifyForm {
    static let html: HTML = """
        <form class="drop" action="/search" method="get">
        <p>The digest of a file says which release it is:</p>
        <pre class="command"><code>sha256sum ./agent</code></pre>
        <label class="hidden" for="digest">Digest</label>
        <div class="search"><input id="digest" name="q" type="search" placeholder="sha256 of the file" autocomplete="off"
        spellcheck="false"><button>Look it up</button></div></form>
        """
}
