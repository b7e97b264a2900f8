package import ArtifactStore
package import ContentAddress
package import ImageTransport
import OCI
package import Printable
package import Release

/// The drafts that a context or an image is made of.
package enum DraftUse {
    /// What ``Annotation/drafts`` says of them; nil where every release is final.
    package static func annotation(of releases: [ReleaseKey], in store: Store) throws -> String? {
        let texts = try Set(releases).inOrder().compactMap { release -> String? in
            let files = try store.draft(of: release)
            guard !files.isEmpty else { return nil }
            return "\(release)@\(try ReleaseDocuments(release, files).index.digest)"
        }
        return texts.isEmpty ? nil : texts.joined(separator: " ")
    }

    /// Throws for an image that was made of drafts, or whose base was, which haven't been sealed as they were then.
    ///
    /// `store` is where they may have been sealed; nil where there is none.
    package static func check(_ image: any ImageSource, named name: String, in store: Store?, remedy: Message) throws {
        guard let draft = try firstUnsealed(in: image, store) else { return }
        throw ProofError.madeOfDraft(image: name, draft: draft, remedy: remedy)
    }

    /// Whether an image of the store was made of drafts, or its base was, which haven't been sealed as they were then.
    package static func isUnsealed(_ image: Digest, in store: Store) throws -> Bool {
        let reference = ImageReference(repository: try RepositoryName(parsing: "image"), digest: image)
        do {
            return try firstUnsealed(in: StoreSource(store: store, reference: reference), store) != nil
        } catch is TransportError {
            // What can't be read isn't an image that this program made.
            return false
        }
    }

    private static func firstUnsealed(in image: any ImageSource, _ store: Store?) throws -> String? {
        var unread: [any ImageSource] = [image]
        var seen: Set<Digest> = []
        while let source = unread.popLast() {
            let outline = try ImageOutline(of: source)
            guard seen.insert(outline.root.digest).inserted else { continue }
            for part in outline.parts {
                let annotations = part.manifest.annotations ?? [:]
                if let draft = try annotations[Annotation.drafts].flatMap({ try unsealed($0, in: store) }) {
                    return draft
                }
                if let store, let base = annotations[Annotation.baseDigest].flatMap({ try? Digest(parsing: $0) }) {
                    let reference = ImageReference(repository: try RepositoryName(parsing: "base"), digest: base)
                    guard try store.image(reference) != nil else { continue }
                    unread.append(try StoreSource(store: store, reference: reference))
                }
            }
        }
        return nil
    }

    /// The first of an annotation's drafts that isn't a sealed release with the same files.
    private static func unsealed(_ text: String, in store: Store?) throws -> String? {
        try text.split(separator: " ", omittingEmptySubsequences: false).map(String.init).first { draft in
            guard let store, let at = draft.lastIndex(of: "@"), let release = try? ReleaseKey(parsing: draft[..<at]),
                let seal = try store.seal(of: release)
            else { return true }
            return seal.digest.description != draft[draft.index(after: at)...]
        }
    }
}
