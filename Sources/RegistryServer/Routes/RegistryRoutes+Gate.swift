import ArtifactStore
import ContentAddress
import ImageAuditor
import ImageTransport
import OCI
import Printable

/// What keeps a manifest that was pushed from being served: its audit, and tags that are immutable.
extension RegistryRoutes {
    /// Audits a manifest before it is a part of its repository.
    ///
    /// Throws ``RegistryProblem`` for what doesn't pass, which is then held, where pushes are, or not kept.
    func gate(
        _ document: ImageDocument,
        isKnown: Bool,
        _ tags: [Tag],
        in name: RepositoryName,
        _ batch: BlobBatch,
        _ pushed: PushedManifest
    ) throws {
        guard let rule = writes.audit else { return }
        guard isKnown else {
            throw RegistryProblem.denied(
                "pushes are audited, and nobody here can audit a manifest of the type \(document.mediaType, limit: 80)"
            )
        }
        let called = Self.name(of: document, tags, pushed)
        guard let audit = try rule.audit(document, called: called, isTagged: !tags.isEmpty),
            !audit.isAcceptable(exact: false)
        else { return }
        let isServed = try repository(name).manifest(document.digest) != nil
        guard rule.consequence == .quarantine, !isServed else {
            let rest = isServed ? "What had it before stays as it is." : "Nothing of the manifest is kept."
            throw RegistryProblem.refused(audit, rest)
        }
        let held = try hold(document, tags, in: name, batch, pushed)
        throw RegistryProblem.refused(
            audit,
            "It is held as \(held), and isn't served: push it again when that has changed."
        )
    }

    /// Keeps a manifest under names that aren't served; the first of them.
    private func hold(
        _ document: ImageDocument,
        _ tags: [Tag],
        in name: RepositoryName,
        _ batch: BlobBatch,
        _ pushed: PushedManifest
    ) throws -> String {
        let names = tags.isEmpty ? [HeldName.tag(of: document.digest)] : tags.map(\.text)
        var held = pushed
        held.isHeld = true
        held.immutable = []
        held.references = try names.map { tag in
            try ImageReference(parsing: "\(HeldName.prefix(of: pushed.repository)):\(tag)")
        }
        try taking(document.digest, Int64(document.bytes.count), in: name) { try commit(batch, held) }
        return held.references.first?.tagged ?? ""
    }

    /// Audits what is served already; a failure is the log's alone.
    func record(_ document: ImageDocument, _ tags: [Tag], _ pushed: PushedManifest) {
        guard let rule = writes.audit, pushed.missing.isEmpty else { return }
        let name = Self.name(of: document, tags, pushed)
        do {
            _ = try rule.audit(document, called: name, isTagged: !tags.isEmpty)
        } catch {
            report("the audit of \(name): \(error)")
        }
    }

    private static func name(of document: ImageDocument, _ tags: [Tag], _ pushed: PushedManifest) -> String {
        tags.first.map { "\(pushed.repository):\($0)" } ?? "\(pushed.repository)@\(document.digest)"
    }

    /// Throws ``RegistryProblem`` where an immutable tag stands for another image, or did when it was removed.
    func checkImmutable(_ name: ImageReference, _ digest: Digest) throws {
        if let image = try store.image(name)?.digest {
            guard image == digest else { throw RegistryProblem.immutable(name.tagged, image) }
            return
        }
        guard let last = try store.history(ofTag: name.tagged, limit: 1).last?.from, last != digest else { return }
        throw RegistryProblem.immutable(name.tagged, last)
    }

    /// Throws ``RegistryProblem`` for a tag that isn't deleted.
    func checkDeletable(_ tags: [Tag], of name: RepositoryName) throws(RegistryProblem) {
        guard let tag = tags.first(where: { writes.immutableTags.contains(name, $0) }) else { return }
        throw .denied("\(name):\(tag) is immutable: it isn't deleted")
    }
}

extension RegistryProblem {
    static func immutable(_ name: String, _ image: Digest) -> Self {
        .denied("\(name) is immutable and stands for \(image): push the other image under another tag")
    }
}
