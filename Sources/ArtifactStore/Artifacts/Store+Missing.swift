import ContentAddress
import GRDB
package import OCI
import Printable
package import Release

extension Store {
    /// What to say when a release has nothing of what was asked for: what became of it, what it does have, or what may be
    /// meant.
    package func nothing(
        of release: ReleaseKey,
        platform: ArtifactPlatform? = nil,
        file: ReleasePath? = nil,
        among others: [Artifact] = []
    ) -> StoreError {
        do {
            return try index.read { db in
                try Self.nothing(of: release, platform: platform, file: file, among: others, in: db)
            }
        } catch {
            return error
        }
    }

    /// What to say when no release has a name.
    package func nothing(of name: RepositoryName) -> StoreError {
        do {
            return .notFound(what: "a release of \(name)", hint: try index.read { try Self.hint(on: name, in: $0) })
        } catch {
            return error
        }
    }

    /// The same in a transaction.
    static func nothing(
        of release: ReleaseKey,
        platform: ArtifactPlatform?,
        file: ReleasePath?,
        among others: [Artifact],
        in db: Database
    ) throws -> StoreError {
        if others.isEmpty, try ArtifactRows.hasDraft(release, in: db) {
            return .notFound(
                what: "\(release)",
                hint: "there is a draft of it, which `bindery seal \(release)` completes"
            )
        }
        let stones = try ArtifactRows.tombstones(release, in: db).filter { stone in
            (platform == nil || stone.key.platform == platform) && (file == nil || stone.key.file == file)
                && !others.contains { $0.key == stone.key }
        }
        let what = (file.map { "\($0) of " } ?? "") + "\(release)" + (platform.map { " for \($0)" } ?? "")
        if let stone = stones.max(by: { $0.removedAt < $1.removedAt }) {
            let words: Message = "it was removed \(stone.removedAt.rfc3339.prefix(10)) by \(stone.removedBy)"
            let reason: Message = stone.reason.map { ": \($0)" } ?? ""
            return .notFound(what: what, hint: (words + reason).text)
        }
        guard !others.isEmpty, platform != nil || file != nil else {
            return .notFound(what: "\(release)", hint: try hint(on: release.name, in: db))
        }
        let there = file == nil ? others.platforms : others.map { "\($0.key.platform) \($0.key.file)" }
        let more = there.count > 8 ? " and \(there.count - 8) more" : ""
        return .notFound(what: what, hint: "the release has \(there.prefix(8).joined(separator: ", "))\(more)")
    }

    private static func hint(on name: RepositoryName, in db: Database) throws -> String {
        let names = try ArtifactRows.names(in: db)
        if names.contains(name.text) { return "run `bindery ls \(name)` to list its versions" }
        let guess = NearestName.of(name.text, in: names).map { "; did you mean \($0)?" } ?? ""
        return "no release is called \(name)\(guess)\nrun `bindery ls` to list the releases"
    }

    /// The name of a release that was meant by one that isn't there; nil when no name is near.
    package func nearestName(to name: RepositoryName) throws(StoreError) -> String? {
        NearestName.of(name.text, in: try index.read { try ArtifactRows.names(in: $0) })
    }

    /// An image of the store.
    ///
    /// Throws ``StoreError/notFound(what:hint:)`` when there is none.
    package func existingImage(_ reference: ImageReference) throws(StoreError) -> StoredImage {
        guard let image = try image(reference) else { throw noImage(reference) }
        return image
    }

    /// What to say when an image isn't there.
    package func noImage(_ reference: ImageReference) -> StoreError {
        do {
            return try index.read { try Self.noImage(reference, in: $0) }
        } catch {
            return error
        }
    }

    /// The same in a transaction.
    static func noImage(_ reference: ImageReference, in db: Database) throws -> StoreError {
        if reference.digest == nil, reference.registry == nil {
            let name = reference.repository
            let digits = name.text == "sha256" ? reference.tag?.text : name.text
            if let digits, let digest = try? Digest(hex: digits),
                let artifact = try ArtifactRows.list(with: digest, in: db).first
            {
                return .notFound(
                    what: "the image \(reference)",
                    hint:
                        "these are the bytes of \(artifact.key), a file of a release: `bindery show \(reference)` lists them"
                )
            }
            if name.text == "sha256" {
                return .notFound(what: "\(reference)", hint: "7 or more digits of a digest name what has it")
            }
            if try ArtifactRows.names(in: db).contains(name.text) {
                return .notFound(
                    what: "the image \(reference)",
                    hint: "\(name) is a release, NAME@VERSION: run `bindery ls \(name)` to list its versions"
                )
            }
        }
        let guess =
            reference.digest == nil
            ? NearestName.of(reference.tagged, in: try ImageRows.names(in: db)).map { "did you mean \($0)?\n" }
            : nil
        return .notFound(
            what: "the image \(reference)",
            hint: (guess ?? "") + "run `bindery images` to list the images"
        )
    }
}
