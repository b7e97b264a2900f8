import ContentAddress
import Foundation
import GRDB
import OCI
import Release
import SystemIO
import TransparencyLog

/// Applies events to an index that has none of what they tell of, in their order, without writing others.
///
/// What reading images and referrers tells is left to ``DocumentRows``.
struct EventReplay {
    let paths: StorePaths
    let blobs: any BlobStorage
    let db: Database
    private(set) var lost = ReindexReport.Lost()

    mutating func noteLostStatement() { lost.statements += 1 }

    init(_ paths: StorePaths, _ blobs: any BlobStorage, _ db: Database) {
        self.paths = paths
        self.blobs = blobs
        self.db = db
    }

    mutating func apply(_ event: Event) throws {
        guard let kind = event["what"].flatMap(Event.Kind.init) else { return }
        let facts = EventFacts(event)
        switch kind {
        case .put: try put(facts)
        case .amend:
            guard let key = event.key, let artifact = try ArtifactRows.find(key, in: db) else { return }
            try ArtifactRows.amend(facts.artifact(key, size: artifact.size, after: artifact), in: db)
        case .draft:
            guard let key = event.draftKey, let digest = facts.digest else { return }
            try ArtifactRows.removeDraft(key, in: db)
            try ArtifactRows.insert(facts.artifact(key, size: blob(digest, facts)), into: .draft, in: db)
        case .discard: if let key = event.draftKey { try ArtifactRows.removeDraft(key, in: db) }
        case .remove: try remove(facts)
        case .state: try applyState(event)
        case .seal: try seal(facts)
        case .image: try applyImage(facts)
        case .base: try mark(facts)
        case .pin:
            guard let digest = facts.digest else { return }
            _ = try blob(digest, facts)
            try PinRows.insert(facts.pin(digest), in: db)
        case .unpin: if let digest = facts.digest { _ = try PinRows.remove(digest, in: db) }
        case .attest: try attest(facts)
        case .provenance: try addProvenance(facts)
        case .refer: try refer(facts)
        case .push: try push(facts)
        case .trust: if let key = facts.trustedKey { try TrustedKeyRows.insert(key, in: db) }
        case .distrust:
            guard let digest = facts.digest else { return }
            let end = event["since"].flatMap { Timestamp(rfc3339: $0) } ?? facts.time
            let revocation = TrustedKey.Revocation(at: end, reason: event["reason"] ?? "")
            try TrustedKeyRows.revoke(digest, revocation, in: db)
        case .revoke: try revoke(facts)
        case .checkpoint: try see(event["note"].flatMap { try? Digest(parsing: $0) }.flatMap(value), facts)
        case .restore, .restart: try see(event["checkpoint"].map { Array($0.utf8) }, facts)
        case .rule:
            guard let name = event["rule"], let value = event["value"], Store.ruleNames.contains(name) else { return }
            let sql = "INSERT OR REPLACE INTO rule (name, value) VALUES (?, ?)"
            try db.execute(sql: sql, arguments: [name, value])
        case .pack: try pack(facts)
        case .publish: try publish(facts)
        case .token: lost.tokens += event.isSet("removed") ? -1 : 1
        case .audit: lost.audits += 1
        case .lease: return
        }
    }

    /// Makes sure that a blob has its row; its size, by the event or the file.
    @discardableResult
    func blob(_ digest: Digest, _ facts: EventFacts) throws -> Int64 {
        let size = try blobs.size(of: digest) ?? facts.size ?? 0
        try BlobRows.insert(digest, size: size, at: facts.time, in: db)
        return size
    }

    /// The bytes that an event names by their digest; nil where they aren't kept, or are others.
    func value(_ digest: Digest) -> [UInt8]? {
        let bytes = try? File.open(paths.logValue(digest)).readBytes(limit: EntryBundle.sizeLimit)
        return bytes.flatMap { Digest.of($0) == digest ? $0 : nil }
    }

    private func put(_ facts: EventFacts) throws {
        guard let key = facts.event.key, let digest = facts.digest else { return }
        try ArtifactRows.removeDraft(key, in: db)
        try replace(facts.artifact(key, size: blob(digest, facts)))
    }

    private func replace(_ artifact: Artifact) throws {
        try ArtifactRows.delete(artifact.key, in: db)
        try ArtifactRows.insert(artifact, in: db)
    }

    private func remove(_ facts: EventFacts) throws {
        guard let key = facts.event.key, let digest = facts.digest else { return }
        try close(key, digest, at: facts.time, by: facts.actor, facts)
    }

    private func close(
        _ key: ArtifactKey,
        _ digest: Digest,
        at time: Timestamp,
        by actor: String,
        _ facts: EventFacts
    ) throws {
        let tombstone = Tombstone(
            key: key,
            digest: digest,
            removedAt: time,
            removedBy: actor,
            reason: facts.event["reason"],
            isHarmless: facts.isSet("harmless")
        )
        try ArtifactRows.remove(facts.artifact(key, size: 0), leaving: tombstone, in: db)
        try BlobRows.noteUnnamed(digest, at: time, in: db)
    }

    /// A row of before: its columns stand in a member, its digest beside that.
    private func applyState(_ event: Event) throws {
        guard let row = event.row, let digest = EventFacts(event).digest else { return }
        let facts = EventFacts(row, digest: digest)
        switch event["table"] {
        case "artifact": if let key = row.key { try replace(facts.artifact(key, size: blob(digest, facts))) }
        case "tombstone": if let key = row.key { try close(key, digest, at: facts.time, by: facts.actor, facts) }
        case "image_tag": if let name = row["tag"] { try tag(digest, name, facts) }
        case "pin":
            try blob(digest, facts)
            try PinRows.insert(facts.pin(digest), in: db)
        default: return
        }
    }

    private func seal(_ facts: EventFacts) throws {
        guard let release = facts.release, let digest = facts.digest, try SealRows.find(release, in: db) == nil else {
            return
        }
        let seal = SealedRelease(key: release, digest: digest, sealedAt: facts.time, sealedBy: facts.actor)
        try SealRows.insert(seal, ArtifactRows.list(release, in: db), in: db)
    }

    private mutating func revoke(_ facts: EventFacts) throws {
        guard let mark = facts.revocation(value) else { return }
        if mark.proof == nil, facts.event["statement"] != nil { lost.statements += 1 }
        try RevocationRows.insert(mark, in: db)
    }

    private mutating func attest(_ facts: EventFacts) throws {
        guard let digest = facts.digest, let bytes = value(digest),
            let statement = facts.attestation(bytes)
        else { return lost.statements += 1 }
        _ = try AttestationRows.insert(statement, at: facts.time, by: facts.actor, in: db)
    }

    private mutating func addProvenance(_ facts: EventFacts) throws {
        guard let digest = facts.digest, let bytes = value(digest) else { return lost.statements += 1 }
        let provenance = NewProvenance(
            bytes: bytes,
            predicateType: facts.event["predicateType"] ?? "",
            subjects: Set(facts.digests("subjects")),
            key: facts.digest(of: "key")
        )
        _ = try ProvenanceRows.write(provenance, at: facts.time, by: facts.actor, in: db)
    }

    private func pack(_ facts: EventFacts) throws {
        guard let archive = facts.packedArchive, try !ArtifactRows.list(archive.release, in: db).isEmpty else { return }
        try blob(archive.digest, facts)
        try PackedRows.insert(archive, in: db)
    }

    private func publish(_ facts: EventFacts) throws {
        guard let place = facts.publishedPlace else { return }
        if facts.isSet("forgotten") { return try PublishedRows.remove(place.subject, at: place.place, in: db) }
        try PublishedRows.replace(place, in: db)
    }
}
