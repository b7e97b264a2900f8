package import OCI
package import Release

/// Which releases and images are brought to another store: `agent`, both; `agent@1.*`, releases; `team/*:v1`, images.
package struct SyncPattern: Sendable {
    /// As it was written.
    package let text: String
    private let glob: Glob
    private let kind: Kind

    private enum Kind {
        case names, releases, images
    }

    /// A pattern from its written form; one without `*` and `?` must be a name, a release, or an image.
    package init(parsing text: String) throws(OCIError) {
        self.text = text
        let isImage = text.lastIndex(of: ":").map { !text[$0...].contains("/") } ?? false
        kind = text.contains("@") ? .releases : isImage ? .images : .names
        var written = text
        if !text.contains(where: { $0 == "*" || $0 == "?" }) {
            switch kind {
            case .releases: written = "\(try ReleaseKey(parsing: text))"
            case .images, .names: _ = try ImageReference(parsing: text)
            }
        }
        glob = Glob(written)
    }

    /// The repository that it names, where it has no `*` and `?` in the name.
    package var repository: String? {
        let end = kind == .releases ? text.firstIndex(of: "@") : kind == .images ? text.lastIndex(of: ":") : nil
        let name = String(text[..<(end ?? text.endIndex)])
        return name.contains { $0 == "*" || $0 == "?" } ? nil : name
    }

    package func matches(_ item: ReleaseOrImage) -> Bool {
        switch (item, kind) {
        case (.release(let release), .names): glob.matches(release.name.text)
        case (.release(let release), .releases): glob.matches("\(release)")
        case (.image(let reference), .names): glob.matches(String(reference.tagged.dropLast(reference.tagSuffix.count)))
        case (.image(let reference), .images): glob.matches(reference.tagged)
        case (.release, .images), (.image, .releases): false
        }
    }
}

extension ImageReference {
    fileprivate var tagSuffix: String { ":" + (tag?.text ?? "latest") }
}
