package import ContentAddress
import GRDB

extension Store {
    /// The content that has a digest of another algorithm, by which it was pushed.
    package func digest(named name: LongDigest) throws(StoreError) -> Digest? {
        try index.read { try PushRows.digest(named: name, in: $0) }
    }

    /// Whether something was pushed to a repository, and is there.
    package func isPushed(to repository: String) throws(StoreError) -> Bool {
        try index.read { try PushRows.exists(repository, in: $0) }
    }

    /// Whether a blob was pushed to a repository, whatever names it there.
    package func isPushed(_ digest: Digest, to repository: String) throws(StoreError) -> Bool {
        try index.read { try PushRows.has(blob: digest, repository, in: $0) }
    }

    /// The images that name a blob in a repository where it wasn't pushed, though another repository may have it.
    package func images(lacking digest: Digest, in repository: String) throws(StoreError) -> Set<Digest> {
        try index.read { try PushRows.images(lacking: digest, in: repository, $0) }
    }

    /// The manifests that were pushed to a repository and reach a blob, themselves included.
    package func pushedManifests(of repository: String, reaching digest: Digest) throws(StoreError) -> [Digest] {
        try index.read { try PushRows.manifests(of: repository, reaching: digest, in: $0) }
    }

    /// The digest of another algorithm that a manifest was pushed under.
    package func pushedName(of digest: Digest, in repository: String) throws(StoreError) -> String? {
        try index.read { try PushRows.name(of: digest, repository, in: $0) }
    }

    /// What was pushed to a repository that refers to a manifest, by digest, behind `last`.
    package func pushedReferrers(
        to subject: String,
        in repository: String,
        after last: Digest? = nil,
        limit: Int = .max
    ) throws(StoreError) -> [PushedReferrer] {
        try index.read { db in
            var subjects = [subject]
            // One that was pushed under two digests has one list of referrers.
            let own =
                try (try? Digest(parsing: subject))
                ?? (try? LongDigest(parsing: subject)).flatMap {
                    try PushRows.digest(named: $0, in: db)
                }
            if let own { subjects += [own.description] + (try PushRows.names(of: own, in: db)) }
            return try PushRows.referrers(to: subjects, of: repository, after: last, limit: limit, in: db)
        }
    }

    /// Where a blob may be had: the repositories that it was pushed to by itself or with a manifest, and the names of the images
    /// that reach it.
    package func holders(of digest: Digest) throws(StoreError) -> (repositories: [String], references: [String]) {
        try index.read { db in
            (
                try PushRows.repositories(with: digest, in: db),
                try ImageRows.references(reaching: digest, in: db)
            )
        }
    }
}
