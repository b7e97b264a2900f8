import ContentAddress
import OCI
import Printable
import Release

/// What pages are put together from.
enum Parts {
    /// A digest by its first digits; the whole one stands in its title.
    static func short(_ digest: Digest, _ link: Link) -> HTML {
        "<a class=\"digest\" href=\"\(link)\" title=\"\(digest)\">\(digest.hex.prefix(12))</a>"
    }

    /// A whole digest, which breaks where it must.
    static func whole(_ digest: Digest) -> HTML { "<code class=\"digest whole\">\(digest)</code>" }

    /// A time, to the minute in UTC.
    static func time(_ time: Timestamp) -> HTML {
        let text = time.rfc3339
        return "<time datetime=\"\(text)\">\(text.prefix(10)) \(text.dropFirst(11).prefix(5))</time>"
    }

    static func time(_ time: Timestamp?) -> HTML { time.map(Self.time) ?? "–" }

    static func bytes(_ count: Int64) -> HTML { "<span title=\"\(count) bytes\">\(ByteCount.text(count))</span>" }

    static func count(_ count: Int, _ one: String, _ many: String) -> String {
        "\(ByteCount.grouped(count)) \(count == 1 ? one : many)"
    }

    /// What stands in place of a verdict where no audit was, or none is made.
    static func unaudited(isArtifact: Bool) -> HTML {
        isArtifact ? "<span class=\"verdict none\">an artifact</span>" : verdict(nil, isAudited: false)
    }

    /// A verdict with its sign, so that its colour isn't all that tells it.
    static func verdict(_ word: String?, isAudited: Bool = true) -> HTML {
        guard isAudited else { return "<span class=\"verdict none\">not audited</span>" }
        let word = word ?? "damaged"
        let kind =
            switch word {
            case "exact", "contains": "good"
            case "mismatch", "damaged": "bad"
            case "ambiguous", "incomplete": "doubt"
            default: "none"
            }
        return "<span class=\"verdict \(kind)\">\(word)</span>"
    }

    /// What a file of an image is.
    static func identity(_ word: String) -> HTML {
        "<span class=\"verdict \(word == "released" ? "good" : word == "base" ? "base" : "none")\">\(word)</span>"
    }

    /// What is said where there is nothing, with the command that changes that.
    static func empty(_ text: HTML, command: String? = nil) -> HTML {
        let hint: HTML? = command.map { "<pre class=\"command\"><code>\($0)</code></pre>" }
        return "<div class=\"empty\"><p>\(text)</p>\(hint)</div>"
    }

    /// Properties: names and values.
    static func facts(_ facts: [(String, HTML)]) -> HTML {
        let rows: [HTML] = facts.map { "<div><dt>\($0.0)</dt><dd>\($0.1)</dd></div>\n" }
        return "<dl class=\"facts\">\(rows)</dl>"
    }

    static func section(_ title: String, _ body: HTML, note: HTML? = nil) -> HTML {
        let note: HTML? = note.map { "<p class=\"note\">\($0)</p>" }
        return "<section><h2>\(title)</h2>\(note)\(body)</section>\n"
    }

    /// Where a list goes on.
    static func more(_ link: Link?, _ words: String = "Next page") -> HTML? {
        link.map { "<nav class=\"more\" aria-label=\"Pages\"><a rel=\"next\" href=\"\($0)\">\(words) →</a></nav>" }
    }

    static func releaseLink(_ key: ReleaseKey) -> HTML { "<a href=\"\(Link.release(key))\">\(key)</a>" }

    /// Links to releases, at most some of them.
    static func releaseLinks(_ keys: [ReleaseKey], most: Int = 4) -> HTML {
        let links: [HTML] = keys.prefix(most).map(releaseLink)
        let rest: HTML = keys.count > most ? " and \(keys.count - most) more" : ""
        return links.joined(", ") + rest
    }
}
