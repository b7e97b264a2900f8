import ContentAddress
import ELF
import GRDB
import OCI
import Release
import SBOM
import SystemIO

/// An artifact whose blob is in the store and which has no row yet.
struct PendingArtifact {
    let key: ArtifactKey
    let digest: Digest
    let size: Int64
    let fileName: String
    let mode: UInt16
    let annotations: [String: String]
    let binary: BinaryFacts?
    /// What it says of itself where it is another system's program.
    let foreign: [ProgramIdentity]
    /// The modules that it says it was built from; nil where it wasn't read for them, or isn't a program.
    let modules: [ProgramModule]?
    /// Its files, where it is an archive that the store hasn't read yet.
    let archive: ArchiveContents?
    /// Builders' own attestations about it.
    let provenance: [NewProvenance]
    let sourceName: String
    /// What was asked for, and may not be left out when the release has something else.
    let demands: Demands

    struct Demands: OptionSet {
        let rawValue: UInt8

        static let fileName = Demands(rawValue: 1)
        static let mode = Demands(rawValue: 2)
        /// The annotations replace those that are released.
        static let annotations = Demands(rawValue: 4)
    }

    /// Checks a staged blob against what was said of it.
    init(
        _ request: PutRequest,
        blob: StagedBlob,
        sourceMode: UInt16,
        reading: BinaryReading,
        archive: ArchiveContents?
    ) throws(StoreError) {
        let platform = try Self.platform(of: request, reading: reading)
        key = ArtifactKey(name: request.name, version: request.version, platform: platform, file: request.path)
        digest = blob.digest
        size = blob.size
        fileName = try request.checkedFileName()
        binary = reading.facts
        foreign = reading.foreignIdentities
        modules = reading.modules
        self.archive = archive
        mode = Self.mode(of: request, sourceMode: sourceMode, reading: reading)
        annotations = request.annotations
        sourceName = request.sourceName
        provenance = request.provenance.map { $0.about([blob.digest]) }.filter { !$0.subjects.isEmpty }
        guard request.provenance.isEmpty || !provenance.isEmpty else {
            throw .provenanceOfOther(path: request.sourceName, digest: blob.digest)
        }
        var demands: Demands = request.amends ? .annotations : []
        if request.fileName != nil || request.path != nil { demands.insert(.fileName) }
        if request.mode != nil { demands.insert(.mode) }
        self.demands = demands
        if let expected = request.expectedDigest, expected != blob.digest {
            throw .otherBytes(path: request.sourceName, expected: expected, found: blob.digest)
        }
        if let text = request.expectedText {
            let stands = try system { () throws(SystemError) in
                try MappedFile(blob.staged.file).contains(Array(text.utf8))
            }
            guard stands else { throw .versionNotInFile(path: request.sourceName, version: text) }
        }
    }

    /// The permission bits of an artifact.
    static func mode(of request: PutRequest, sourceMode: UInt16, reading: BinaryReading) -> UInt16 {
        if let mode = request.mode { return mode }
        let isExecutable = sourceMode & 0o111 != 0
        // CI systems that pass files on lose the executable bit: an ELF program gets it back.
        let isProgram = isExecutable || reading.facts?.elf.type == .executable || reading.isStartedElsewhere
        if request.keepsMode, isExecutable || !isProgram { return sourceMode & 0o777 }
        return isProgram ? 0o755 : 0o644
    }

    static func platform(
        of request: PutRequest,
        reading: BinaryReading
    ) throws(StoreError) -> ArtifactPlatform {
        switch (request.platform, reading) {
        case (.any?, _):
            return .any
        case (_, .damaged(let error)):
            throw .damagedProgram(path: request.sourceName, reason: error)
        case (.platform(let given)?, .elf(let facts, _)):
            guard facts.elf.runs(on: given) else {
                throw .wrongPlatform(path: request.sourceName, given: given, found: facts.elf.summary)
            }
            return .platform(given)
        case (.platform(let given)?, .foreign(let program, _, _)):
            guard program.runs(on: given) else {
                throw .wrongPlatform(path: request.sourceName, given: given, found: program.summary)
            }
            return .platform(given)
        case (.platform(let given)?, .other):
            return .platform(given)
        case (nil, .elf(let facts, _)):
            guard let platform = facts.elf.platform else { throw .platformUnknown(path: request.sourceName) }
            return .platform(platform)
        case (nil, .foreign(let program, _, _)):
            guard let platform = program.platform.map(ArtifactPlatform.platform) ?? request.otherwise else {
                throw .severalPlatforms(path: request.sourceName, found: program.summary)
            }
            return platform
        case (nil, .other):
            guard let platform = request.otherwise else { throw .platformUnknown(path: request.sourceName) }
            return platform
        }
    }

    /// The artifact that is released with these bytes under the key; nil when the key is free.
    ///
    /// Throws when other bytes are, or were, or what was asked for differs.
    func released(in db: Database) throws -> Artifact? {
        if try ArtifactRows.isReleased(key, in: db), let released = try ArtifactRows.find(key, in: db) {
            guard released.digest == digest else {
                throw StoreError.conflict(released: released, offered: digest, path: sourceName)
            }
            let refused = differences(from: released).filter { difference in
                switch difference {
                case .fileName: demands.contains(.fileName)
                case .mode: demands.contains(.mode)
                case .annotations: false
                }
            }
            guard refused.isEmpty else { throw StoreError.differs(released, refused, path: sourceName) }
            return released
        }
        if try ArtifactRows.hasTombstones(in: db), let tombstone = try ArtifactRows.tombstone(key, in: db),
            tombstone.digest != digest
        {
            throw StoreError.removed(tombstone, offered: digest, path: sourceName)
        }
        // What was sealed and removed may come back.
        if let seal = try seal(in: db), try !SealRows.has(artifact(at: seal.sealedAt, by: ""), in: db) {
            throw StoreError.sealed(seal, offered: key, path: sourceName)
        }
        if try ArtifactRows.hasDraft(key.release, in: db) {
            throw StoreError.isDraft(key.release, path: sourceName)
        }
        return nil
    }

    func seal(in db: Database) throws -> SealedRelease? {
        try SealRows.hasAny(in: db) ? SealRows.find(key.release, in: db) : nil
    }

    func artifact(at time: Timestamp, by actor: String) -> Artifact {
        Artifact(
            key: key,
            digest: digest,
            size: size,
            fileName: fileName,
            mode: mode,
            putAt: time,
            putBy: actor,
            annotations: annotations
        )
    }

    /// Writes the rows and the event, or finds the same bytes there; throws for other bytes under the key.
    ///
    /// `more` are further members of the event.
    func insert(
        into db: Database,
        at time: Timestamp,
        by actor: String,
        more: [String: JSONValue] = [:]
    ) throws -> PutResult {
        if let released = try released(in: db) {
            // An earlier version stored it without looking into it.
            try ForeignRows.insert(foreign, of: digest, in: db)
            if let modules { try ModuleRows.insert(modules, of: digest, in: db) }
            if let archive { try ArchiveRows.insert(archive, of: digest, in: db) }
            var result = try amend(released, in: db, at: time, by: actor, more: more)
            result.archive = try archiveSummary(in: db)
            return result
        }
        let artifact = artifact(at: time, by: actor)
        try insertBytes(into: db, at: time)
        try ArtifactRows.insert(artifact, in: db)
        try EventRows.append(.put, artifact, at: time, by: actor, more: more, in: db)
        return PutResult(artifact: artifact, isNew: true, archive: try archiveSummary(in: db))
    }

    /// Writes what is known of the bytes, whatever names them.
    func insertBytes(into db: Database, at time: Timestamp) throws {
        try BlobRows.insert(digest, size: size, at: time, in: db)
        if let binary { try BlobRows.insert(binary, of: digest, in: db) }
        try ForeignRows.insert(foreign, of: digest, in: db)
        if let modules { try ModuleRows.insert(modules, of: digest, in: db) }
        if let archive { try ArchiveRows.insert(archive, of: digest, in: db) }
    }

    func archiveSummary(in db: Database) throws -> ArchiveSummary? {
        if let known = try ArchiveRows.summary(of: digest, in: db) { return known }
        return archive.map { ArchiveSummary(format: nil, memberCount: 0, problem: $0.problem) }
    }

    /// Replaces the annotations of what is released where that was asked for; says what else differs.
    private func amend(
        _ released: Artifact,
        in db: Database,
        at time: Timestamp,
        by actor: String,
        more: [String: JSONValue]
    ) throws -> PutResult {
        let differences = differences(from: released)
        guard demands.contains(.annotations), released.annotations != annotations else {
            return PutResult(artifact: released, isNew: false, differences: differences)
        }
        if let seal = try seal(in: db) { throw StoreError.sealed(seal, offered: key, path: sourceName) }
        let amended = Artifact(
            key: released.key,
            digest: released.digest,
            size: released.size,
            fileName: released.fileName,
            mode: released.mode,
            putAt: released.putAt,
            putBy: released.putBy,
            annotations: annotations
        )
        try ArtifactRows.amend(amended, in: db)
        try EventRows.append(.amend, amended, at: time, by: actor, more: more, in: db)
        let others = differences.filter { if case .annotations = $0 { false } else { true } }
        return PutResult(artifact: amended, isNew: false, isAmended: true, differences: others)
    }

    /// What it says otherwise than the release.
    func differences(from released: Artifact) -> [PutDifference] {
        var differences: [PutDifference] = []
        if released.fileName != fileName {
            differences.append(.fileName(released: released.fileName, offered: fileName))
        }
        if released.mode != mode { differences.append(.mode(released: released.mode, offered: mode)) }
        // Saying nothing contradicts nothing.
        if !annotations.isEmpty, released.annotations != annotations {
            differences.append(.annotations(released: released.annotations, offered: annotations))
        }
        return differences
    }
}
