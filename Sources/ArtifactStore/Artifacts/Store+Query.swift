package import ContentAddress
import GRDB
package import OCI
package import Release
import SystemIO

extension Store {
    /// The artifact of a key, nil when there is none.
    package func artifact(_ key: ArtifactKey) throws(StoreError) -> Artifact? {
        try index.read { try ArtifactRows.find(key, in: $0) }
    }

    /// The artifacts of a release in the order of ``ArtifactKey/isBefore(_:_:)``; empty when there is no such release.
    package func artifacts(of release: ReleaseKey) throws(StoreError) -> [Artifact] {
        try index.read { try ArtifactRows.list(release, in: $0) }.sorted { ArtifactKey.isBefore($0.key, $1.key) }
    }

    /// All artifacts, of any name and version, that have these bytes.
    package func artifacts(with digest: Digest) throws(StoreError) -> [Artifact] {
        try index.read { try ArtifactRows.list(with: digest, in: $0) }
    }

    /// For each of many digests the artifacts that have these bytes; no entry where there are none.
    package func artifacts(withAnyOf digests: Set<Digest>) throws(StoreError) -> [Digest: [Artifact]] {
        try index.read { db in
            var found: [Digest: [Artifact]] = [:]
            for digest in try ArtifactRows.released(among: digests, in: db) {
                let artifacts = try ArtifactRows.list(with: digest, in: db)
                if !artifacts.isEmpty { found[digest] = artifacts }
            }
            return found
        }
    }

    /// The releases of one name, or of all: by name, then in the order of versions.
    package func releases(of name: RepositoryName? = nil) throws(StoreError) -> [Release] {
        let artifacts = try index.read { db in
            if let name { try ArtifactRows.list(name, in: db) } else { try ArtifactRows.all(in: db) }
        }
        return Self.releases(artifacts)
    }

    /// Artifacts as releases: by name, then in the order of versions.
    static func releases(_ artifacts: [Artifact]) -> [Release] {
        let releases = Dictionary(grouping: artifacts, by: \.key.release).map { key, artifacts in
            Release(key: key, artifacts: artifacts.sorted { ArtifactKey.isBefore($0.key, $1.key) })
        }
        let byName = Dictionary(grouping: releases, by: \.key.name)
        return byName.keys.sorted().flatMap { name in
            Version.inOrder(byName[name] ?? []) { ($0.key.version, $0.putAt) }
        }
    }

    /// What an ELF file of the store says of itself; nil for other files.
    package func binaryFacts(of digest: Digest) throws(StoreError) -> BinaryFacts? {
        try index.read { try BlobRows.facts(of: digest, in: $0) }
    }

    /// What a program of the store says of itself: one for each processor it is for, none for other files.
    package func programIdentities(of digest: Digest) throws(StoreError) -> [ProgramIdentity] {
        try index.read { db in
            if let facts = try BlobRows.facts(of: digest, in: db) { return [ProgramIdentity(facts)] }
            return try ForeignRows.identities(of: digest, in: db)
        }
    }

    /// The sum of all blobs' sizes in bytes, by the index.
    package func storedSize() throws(StoreError) -> Int64 {
        try index.read { try Int64.fetchOne($0, sql: "SELECT coalesce(sum(size), 0) FROM blob") ?? 0 }
    }

    /// The tombstones of a release's removed artifacts.
    package func tombstones(of release: ReleaseKey) throws(StoreError) -> [Tombstone] {
        try index.read { try ArtifactRows.tombstones(release, in: $0) }
    }

    /// Events after a place, oldest first, at most `limit`.
    package func events(after sequence: Int64 = 0, limit: Int = 1000) throws(StoreError) -> [Event] {
        try index.read { try EventRows.list(after: sequence, limit: limit, in: $0) }
    }

    /// The last events, oldest first, at most `limit`.
    package func latestEvents(limit: Int) throws(StoreError) -> [Event] {
        try index.read { try EventRows.latest(limit, in: $0) }
    }

    /// For each digest whose blob is in the index and in its directory: what reading it as a program came to.
    func knownBlobs(_ digests: [Digest]) throws(StoreError) -> [Digest: BinaryReading] {
        var known = try index.read { db in
            var known: [Digest: BinaryReading] = [:]
            for digest in digests where try BlobRows.size(of: digest, in: db) != nil {
                known[digest] = try BlobRows.facts(of: digest, in: db).map { .elf($0, modules: nil) } ?? .other
            }
            return known
        }
        // A row whose file is lost counts as unknown: putting the bytes again brings the file back.
        for digest in digests where known[digest] != nil {
            if try !blobs.isThere(digest) { known[digest] = nil }
        }
        return known
    }
}
