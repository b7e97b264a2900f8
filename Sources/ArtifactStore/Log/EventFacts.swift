import ContentAddress
import Foundation
import OCI
import Release

/// The members of an event, or of the row in one, as the values that they were written from.
struct EventFacts {
    let event: Event
    let digest: Digest?

    init(_ event: Event, digest: Digest? = nil) {
        self.event = event
        self.digest = digest ?? event["digest"].flatMap { try? Digest(parsing: $0) }
    }

    /// When it happened; a row of before has the time in a member of its own.
    var time: Timestamp {
        let member = ["at", "putAt", "removedAt", "movedAt", "pinnedAt"].lazy.compactMap { event[$0] }.first
        return member.flatMap { Timestamp(rfc3339: $0) } ?? Timestamp(milliseconds: 0)
    }

    var actor: String { ["by", "putBy", "removedBy", "pinnedBy"].lazy.compactMap { event[$0] }.first ?? "" }

    var size: Int64? { event["size"].flatMap { Int64($0) } }

    var release: ReleaseKey? {
        guard let name = event["name"].flatMap({ try? RepositoryName(parsing: $0) }),
            let version = event["version"].flatMap({ try? Version(parsing: $0) })
        else { return nil }
        return ReleaseKey(name: name, version: version)
    }

    func digest(of member: String) -> Digest? { event[member].flatMap { try? Digest(parsing: $0) } }

    func digests(_ member: String) -> [Digest] { texts(member).compactMap { try? Digest(parsing: $0) } }

    func isSet(_ member: String) -> Bool { event.isSet(member) }

    /// The artifact; one that was there before was put by whoever put that.
    func artifact(_ key: ArtifactKey, size: Int64, after former: Artifact? = nil) -> Artifact {
        Artifact(
            key: key,
            digest: digest ?? former?.digest ?? Digest.of([UInt8]()),
            size: size,
            fileName: event["fileName"] ?? key.file.lastComponent,
            mode: event["mode"].flatMap { UInt16($0, radix: 8) } ?? 0o755,
            putAt: former?.putAt ?? time,
            putBy: former?.putBy ?? actor,
            annotations: annotations
        )
    }

    func pin(_ digest: Digest) -> Pin {
        Pin(digest: digest, reason: event["reason"], pinnedAt: time, pinnedBy: actor)
    }

    var publishedPlace: PublishedPlace? {
        guard let subject = event["subject"], let place = event["place"], let digest else { return nil }
        return PublishedPlace(
            subject: subject,
            place: place,
            digest: digest,
            files: publishedFiles,
            publishedAt: time,
            publishedBy: actor
        )
    }

    var packedArchive: PackedArchive? {
        guard let digest, let packed = event.packed, let release = EventFacts(packed).release,
            let platform = packed["platform"].flatMap({ try? ArtifactPlatform(parsing: $0) }),
            let fileName = packed["fileName"], let recipe = packed["recipe"]
        else { return nil }
        return PackedArchive(
            release: release,
            platform: platform,
            fileName: fileName,
            digest: digest,
            size: packed["size"].flatMap { Int64($0) } ?? 0,
            recipe: recipe,
            packedAt: time,
            packedBy: actor
        )
    }

    private var publishedFiles: [PublishedPlace.File] {
        guard case .object(let members) = event.body, case .array(let files) = members["files"] else { return [] }
        return files.compactMap { file in
            guard case .object(let members) = file, case .string(let name) = members["name"],
                case .string(let text) = members["digest"], let digest = try? Digest(parsing: text),
                case .int(let size) = members["size"]
            else { return nil }
            return PublishedPlace.File(name: name, digest: digest, size: size)
        }
    }

    var trustedKey: TrustedKey? {
        guard let digest, let encoded = event["publicKey"].flatMap({ Hexadecimal.decode($0.utf8) }) else { return nil }
        return TrustedKey(
            identifier: digest,
            name: event["key"] ?? "",
            role: event["role"] ?? "",
            encoded: encoded,
            scope: texts("scope"),
            validFrom: event["from"].flatMap { Timestamp(rfc3339: $0) },
            validUntil: event["until"].flatMap { Timestamp(rfc3339: $0) },
            trustedAt: time,
            trustedBy: actor
        )
    }

    /// A mark; unsigned where its statement isn't kept.
    func revocation(_ value: (Digest) -> [UInt8]?) -> Revocation? {
        let subject = digest.map(Revocation.Subject.bytes) ?? release.map(Revocation.Subject.release)
        guard let subject, let level = event["level"].flatMap(Revocation.Level.init) else { return nil }
        let bytes = digest(of: "statement").flatMap(value)
        return Revocation(
            subject,
            level,
            reason: event["reason"] ?? "",
            advisory: event["advisory"],
            at: time,
            by: actor,
            proof: bytes.flatMap { bytes in digest(of: "key").map { Revocation.Proof(key: $0, bytes: bytes) } }
        )
    }

    /// A statement from its bundle; nil where that has none.
    func attestation(_ bytes: [UInt8]) -> NewAttestation? {
        guard let key = digest(of: "key"), case .object(let bundle)? = try? JSONValue(parsing: bytes),
            case .object(let envelope)? = bundle["dsseEnvelope"], case .string(let text)? = envelope["payload"],
            let payload = Data(base64Encoded: text)
        else { return nil }
        return NewAttestation(
            bytes: bytes,
            predicateType: event["predicateType"] ?? "",
            key: key,
            payload: Digest.of(Array(payload)),
            subjects: digests("subjects")
        )
    }

    private var annotations: [String: String] {
        guard case .object(let members) = event.body, case .object(let texts)? = members["annotations"] else {
            return [:]
        }
        return texts.compactMapValues { if case .string(let text) = $0 { text } else { nil } }
    }

    private func texts(_ member: String) -> [String] { event.texts(member) }
}
