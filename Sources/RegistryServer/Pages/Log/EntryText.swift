import ArtifactStore
import ContentAddress
import Release

/// An entry of the log in a line for people.
enum EntryText {
    static func html(_ event: Event) -> HTML {
        let digest = event["digest"].flatMap { try? Digest(parsing: $0) }
        let link: HTML? = digest.map { " \(Parts.short($0, .digest($0)))" }
        if let key = event.key {
            return "<a href=\"\(Link.release(key.release))\">\(key)</a>\(link)"
        }
        if let key = event.draftKey { return "draft of \(key)\(link)" }
        if let tag = event["tag"] { return "<a href=\"\(Link.tag(tag))\">\(tag)</a> leads to\(link)" }
        let words = [
            event["reference"], event["verdict"], event["predicateType"], event["reason"], event["name"],
            event["version"],
        ]
        .compactMap(\.self).prefix(2).joined(separator: ", ")
        return "\(words)\(link)"
    }
}

/// Entries of the log in short, for the first page.
enum EntryList {
    static func html(_ events: [Event]) -> HTML {
        let items: [HTML] = events.map { event in
            """
            <li><a href="\(Link.entry(event.sequence))">\(event["what"] ?? "")</a> \(EntryText.html(event))<br>\
            <span class="by">\(Parts.time(event.time)) by \(event["by"] ?? "")</span></li>

            """
        }
        return "<ul class=\"plain\">\(items)</ul>"
    }
}
