package import ContentAddress

/// What is kept of an audit: of which image, when, what came out, and every file's digest.
package struct AuditRecord: Sendable {
    /// The reference that was audited, as it was written.
    package var reference: String
    /// The digest of the image's manifest or index.
    package var image: Digest
    /// The verdict's word; nil for an image that is damaged.
    package var verdict: String?
    /// The findings and what else the report has.
    package var report: Report
    package var basis: Basis
    /// The version of the rules by which it was audited; 1 for records that don't say.
    package var rules = 1
    /// The last event of the store that the verdict knew of; nil for the latest.
    package var event: Int64?
    /// Whether it was evaluated from what an earlier audit recorded.
    package var isAgain = false
    /// The images of the platforms.
    package var manifests: [Manifest]

    /// One platform's image.
    package struct Manifest: Sendable {
        /// The manifest's digest.
        package var digest: Digest
        package var config: Digest
        /// The platform, `linux/amd64`.
        package var platform: String
        /// The verdict's word.
        package var verdict: String?
        /// Its regular files, as a container sees them.
        package var files: [File]
        /// Contents that a later layer replaced or removed, in the order of the changes.
        package var hidden: [Hidden]
        /// The uncompressed digests of its layers, lowest first.
        package var diffIDs: [Digest]
        /// What else an audit knows of it (docs/store-format.md).
        package var facts: Facts
        /// What was read of programs that no release had.
        package var programs: [Program]
        /// The version of the rules by which its layers were read.
        package var rules = 1

        /// A platform's image from its parts.
        package init(
            digest: Digest,
            config: Digest,
            platform: String,
            verdict: String?,
            files: [File],
            hidden: [Hidden] = [],
            diffIDs: [Digest] = [],
            facts: Facts = .empty,
            programs: [Program] = []
        ) {
            self.digest = digest
            self.config = config
            self.platform = platform
            self.verdict = verdict
            self.files = files
            self.hidden = hidden
            self.diffIDs = diffIDs
            self.facts = facts
            self.programs = programs
        }
    }

    /// One regular file of an image.
    package struct File: Sendable, Hashable {
        /// Where it is, raw, with a slash at the start.
        package var path: [UInt8]
        package var digest: Digest
        /// Its size in bytes.
        package var size: Int64
        /// Permission bits with set-id and sticky bits.
        package var mode: UInt32
        /// The layer that brought it, 0 for the lowest.
        package var layer: Int
        /// For a program, the names that a release may know it by; empty for other files.
        package var programNames: [[UInt8]]

        /// A file from its parts.
        package init(
            path: [UInt8],
            digest: Digest,
            size: Int64,
            mode: UInt32,
            layer: Int,
            programNames: [[UInt8]] = []
        ) {
            self.path = path
            self.digest = digest
            self.size = size
            self.mode = mode
            self.layer = layer
            self.programNames = programNames
        }
    }

    /// A file that a layer brought and a later one replaced or removed.
    package struct Hidden: Sendable, Hashable {
        /// Where it was, raw.
        package var path: [UInt8]
        package var digest: Digest
        /// The layer that brought it.
        package var layer: Int
        /// The layer that took it away.
        package var hiddenBy: Int

        /// A hidden file from its parts.
        package init(path: [UInt8], digest: Digest, layer: Int, hiddenBy: Int) {
            self.path = path
            self.digest = digest
            self.layer = layer
            self.hiddenBy = hiddenBy
        }
    }

    /// What was read of a program that no release had.
    package struct Program: Sendable {
        package var digest: Digest
        /// GNU build-id.
        package var buildID: [UInt8]?
        /// Digest of its machine code.
        package var textDigest: Digest?
        /// The main package of a Go program.
        package var goPackage: String?
        /// All of it (docs/store-format.md).
        package var facts: ProgramFacts
        /// Released files that hold some of its content, in thousandths of its bytes.
        package var similar: [(artifact: Digest, thousandths: Int)]

        /// A program from its parts.
        package init(
            digest: Digest,
            buildID: [UInt8]?,
            textDigest: Digest?,
            goPackage: String?,
            facts: ProgramFacts,
            similar: [(artifact: Digest, thousandths: Int)]
        ) {
            self.digest = digest
            self.buildID = buildID
            self.textDigest = textDigest
            self.goPackage = goPackage
            self.facts = facts
            self.similar = similar
        }
    }

    /// A record from its parts.
    package init(
        reference: String,
        image: Digest,
        verdict: String?,
        report: Report,
        basis: Basis = .empty,
        event: Int64? = nil,
        manifests: [Manifest]
    ) {
        self.basis = basis
        self.event = event
        self.reference = reference
        self.image = image
        self.verdict = verdict
        self.report = report
        self.manifests = manifests
    }
}
