import ContentAddress

/// The schemas of what the API answers.
enum APISchemas {
    static let all: [String: JSONValue] = schemas.mapValues(\.value)

    private static let schemas: [String: APISchema] = [
        "Problem": .object(["type": .text, "title": .text, "status": .number, "detail": .text]),
        "ReleaseKey": .object(["name": .text, "version": .text]),
        "ArtifactKey": .object(["name": .text, "version": .text, "platform": .text, "file": .text.optional]),
        "ReleasedFile": .object([
            "name": .text, "version": .text, "platform": .text, "file": .text, "digest": .digest, "size": .number,
            "fileName": .text, "mode": .text, "putAt": .time, "putBy": .text, "annotations": .texts(),
        ]),
        "Removal": .object([
            "name": .text, "version": .text, "platform": .text, "file": .text, "digest": .digest, "removedAt": .time,
            "removedBy": .text, "reason": .text.optional, "harmless": .bool,
        ]),
        "Revocation": .object([
            "release": .text.optional, "digest": .digest.optional, "level": .word(["warned", "denied", "lifted"]),
            "reason": .text, "advisory": .text.optional, "revokedAt": .time, "revokedBy": .text,
            "key": .digest.optional,
        ]),
        "ReleaseItem": .object([
            "name": .text, "version": .text, "size": .number, "putAt": .time,
            "artifacts": .list(.reference("ReleasedFile")), "revocation": .reference("Revocation").optional,
        ]),
        "ReleasePage": .object(["releases": .list(.reference("ReleaseItem")), "next": .text.optional]),
        "Release": .object([
            "name": .text, "version": .text, "artifacts": .list(.reference("ReleasedFile")),
            "removed": .list(.reference("Removal")), "revocations": .list(.reference("Revocation")),
        ]),
        "Statement": .object(["predicateType": .text, "key": .digest, "addedAt": .time, "addedBy": .text]),
        "Artifact": .object([
            "digest": .digest, "artifacts": .list(.reference("ReleasedFile")), "removed": .list(.reference("Removal")),
            "revocations": .list(.reference("Revocation")), "elf": .anything.optional,
            "attestations": .list(.reference("Statement")),
        ]),
        "Part": .object(["platform": .text, "manifest": .digest, "verdict": verdict.optional]),
        "ImageItem": .object([
            "reference": .text, "digest": .digest, "movedAt": .time, "verdict": verdict.optional,
            "auditedAt": .time.optional, "platforms": .list(.reference("Part")),
        ]),
        "ImagePage": .object(["images": .list(.reference("ImageItem")), "next": .text.optional]),
        "Image": .object([
            "digest": .digest, "mediaType": .text.optional, "addedAt": .time.optional, "references": .list(.text),
            "size": .number.optional, "releases": .list(.reference("ReleaseKey")),
            "audit": .reference("Audit").optional,
            "platforms": .list(.reference("Part")),
        ]),
        "File": .object([
            "path": .text, "kind": .text, "digest": .digest.optional, "size": .number, "mode": .text, "layer": .number,
            "identity": .word(["released", "base", "unknown"]), "artifacts": .list(.reference("ArtifactKey")),
        ]),
        "FilePage": .object(["files": .list(.reference("File")), "next": .number.optional]),
        "Move": .object([
            "sequence": .number, "at": .time.optional, "by": .text, "from": .digest.optional, "to": .digest.optional,
            "reason": .text.optional,
        ]),
        "TagHistory": .object(["reference": .text, "moves": .list(.reference("Move"))]),
        "Audit": .object([
            "number": .number.optional, "image": .digest, "reference": .text, "verdict": verdict.optional,
            "rules": .number, "auditedAt": .time, "auditedBy": .text, "platforms": .list(.text),
            "releases": .list(.reference("ReleaseKey")), "withdrawn": .bool.optional,
        ]),
        "AuditPage": .object(["audits": .list(.reference("Audit")), "next": .number.optional]),
        "PublishedPlaces": .object(["places": .list(.reference("PublishedPlace"))]),
        "PublishedPlace": .object([
            "subject": .text, "place": .text, "digest": .digest, "state": .word(["same", "drift", "outage"]).optional,
            "files": .list(.reference("PublishedFile")), "publishedAt": .time, "publishedBy": .text,
            "checkedAt": .time.optional,
        ]),
        "PublishedFile": .object(["name": .text, "digest": .digest, "size": .number]),
        "AuditReport": .anything,
        "Identification": .object(["files": .list(.anything)]),
        "Occurrence": .object([
            "image": .digest, "references": .list(.text), "manifest": .digest, "platform": .text,
            "verdict": verdict.optional, "auditedAt": .time, "path": .text, "digest": .digest, "size": .number,
            "mode": .text, "layer": .number,
        ]),
        "Occurrences": .object([
            "found": .list(.reference("Occurrence")), "isCut": .bool, "auditedImages": .number,
            "unauditedImages": .number,
        ]),
        "SearchResult": .object([
            "digests": .list(.digest), "names": .list(.text), "releases": .list(.reference("ReleaseKey")),
            "images": .list(.text), "files": .list(.reference("ArtifactKey")), "programs": .list(.digest),
        ]),
        "Usage": .object([
            "reason": .text.optional, "day": .text.optional, "blobs": .number, "bytes": .number,
        ]),
        "Storage": .object(["storage": .list(.reference("Usage"))]),
        "Checkpoint": .object(["origin": .text, "size": .number, "root": .hash]),
        "Entry": .object(["number": .number, "body": .anything]),
        "EntryPage": .object(["entries": .list(.reference("Entry")), "next": .number.optional]),
        "InclusionProof": .object([
            "index": .number, "leaf": .text, "leafHash": .hash, "origin": .text, "size": .number, "root": .hash,
            "path": .list(.hash),
        ]),
        "ConsistencyProof": .object(["since": .number, "head": .reference("Checkpoint"), "path": .list(.hash)]),
    ]

    private static let verdict = APISchema.word(AuditOperations.verdicts)
}
