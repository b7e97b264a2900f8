import ArgumentParser
import ArtifactStore
import Attestation
import ContentAddress
import ImageAuditor
import ImageTransport
import OCI
import Printable
import Proofs
import Release
import SystemIO

struct AttestationsCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "attestations",
        abstract: "Lists the signed statements about a sealed release or an image, and checks them.",
        discussion: """
            A statement counts when a trusted key of the right role, whose scope has the name, signed it while it was valid, by
            the time of the log (docs/trust.md, "The life of a key"), and it is about this digest; the statement of a release is made again, too, and must be the same, and what
            a containment statement or a verification summary claims of an image is derived again from its bytes.
            All others are listed with the reason.

            Builders' attestations about the release's files (put --provenance) are listed, too, and say who vouches for them.

            With --output each statement is written as DIGEST.sigstore.json, a sigstore bundle that stock verifiers read, and
            each builder's attestation as it was put (an envelope as DIGEST.dsse.json).

            Examples:
              bindery attestations mount-monitor@1.2.3
              bindery attestations agent@2.0.0 --require https://in-toto.io/attestation/release/v0.1
              bindery attestations agent@2.0.0 -o proofs
            """
    )

    @Argument(
        help: "A sealed release, name@version, or an image of the store.",
        completion: Completions.releasesAndImages,
        transform: Arguments.releaseOrImage
    )
    var subject: ReleaseOrImage

    @Option(
        help: ArgumentHelp(
            "End with 1 unless a statement of this predicate type counts, a URI or provenance, containment or vsa; repeatable.",
            valueName: "type"
        )
    )
    var require: [String] = []

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Write each statement into this directory.", valueName: "dir"),
        completion: .directory
    )
    var output: String?

    @OptionGroup var options: StoreOptionGroup

    func validate() throws {
        for type in require where !RequiredAttestations.isType(type) {
            throw ValidationError("--require '\(type)': a URI, provenance, containment or vsa is expected")
        }
    }

    func run() throws {
        try OutputPlaces.check(directory: output, "--output", outside: options.path)
        let store = try options.openForReading()
        let subject = try AttestedSubject(subject, in: store)
        let keys = try store.trustedKeys()
        let time = StoreOptionGroup.now
        lazy var audit = Result { try Self.audit(subject, in: store) }
        let checked = try store.statements(about: subject.digest).map {
            CheckedAttestation($0, about: subject, keys: keys, at: time) { statement in
                try store.loggedTime(of: statement)
            } audit: {
                try audit.get()
            }
        }
        let paths = try checked.map { entry in
            try write(entry.attestation.bytes, to: "\(entry.attestation.digest.hex).sigstore.json")
        }
        let documents = try subject.files.flatMap { try CheckedProvenance.all(of: $0, subject.name, in: store) }
            .reduce(into: [(StoredProvenance, CheckedProvenance)]()) { all, next in
                if !all.contains(where: { $0.0.digest == next.0.digest }) { all.append(next) }
            }
        let provenance = try documents.map { stored, checked in
            let suffix = checked.provenance.form == .bundle ? "sigstore.json" : "dsse.json"
            return ProvenanceShape(stored, checked, path: try write(stored.bytes, to: "\(stored.digest.hex).\(suffix)"))
        }
        if options.json {
            try Output.json(
                Shape(
                    subject: subject.title,
                    digest: subject.digest,
                    attestations: zip(checked, paths).map { Entry($0, path: $1) },
                    provenance: provenance.isEmpty ? nil : provenance
                )
            )
        } else {
            print(checked, documents)
        }
        let missing = require.map(RequiredAttestations.type).filter { type in
            !checked.contains { $0.verifiedBy != nil && $0.attestation.predicateType == type }
        }
        guard missing.isEmpty else {
            for type in missing { Output.error("no statement of the type \(type) about \(subject.title) counts") }
            throw ExitStatus.no
        }
    }

    // What statements claim of the image's bytes is derived again.
    private static func audit(_ subject: AttestedSubject, in store: Store) throws -> ImageAudit {
        let reference = ImageReference(repository: subject.name, digest: subject.digest)
        return try Auditor(store: store).audit(StoreSource(store: store, reference: reference))
    }

    private func print(_ checked: [CheckedAttestation], _ documents: [(StoredProvenance, CheckedProvenance)]) {
        var table = Table(
            [("TYPE", .left), ("VERIFIED BY", .left), ("ADDED", .left), ("DIGEST", .left)],
            leftOut: ["DIGEST", "ADDED"]
        )
        for entry in checked {
            table.add(
                entry.attestation.predicateType,
                entry.verifiedBy ?? "unverified: \(entry.problem ?? "")",
                entry.attestation.addedAt.shown,
                entry.attestation.digest
            )
        }
        for (stored, document) in documents {
            table.add(stored.predicateType, document.key?.name ?? document.words, stored.addedAt.shown, stored.digest)
        }
        table.print()
    }

    private func write(_ bytes: [UInt8], to name: String) throws -> String? {
        guard let output else { return nil }
        try Directory.createWithParents(output)
        let path = "\(output)/\(name)"
        try Output.write(String(decoding: bytes, as: UTF8.self), to: path)
        return path
    }

    private struct Shape: Encodable {
        let subject: String
        let digest: Digest
        let attestations: [Entry]
        let provenance: [ProvenanceShape]?
    }

    private struct Entry: Encodable {
        let digest: Digest
        let predicateType: String
        let key: Digest
        let verifiedBy: String?
        let problem: String?
        let subjects: [Digest]
        let addedAt: String
        let addedBy: String
        let path: String?

        init(_ checked: CheckedAttestation, path: String?) {
            digest = checked.attestation.digest
            predicateType = checked.attestation.predicateType
            key = checked.attestation.key
            verifiedBy = checked.verifiedBy
            problem = checked.problem
            subjects = checked.attestation.subjects
            addedAt = checked.attestation.addedAt.rfc3339
            addedBy = checked.attestation.addedBy
            self.path = path
        }
    }
}
