import ContentAddress
import OCI
import Release
package import SystemIO

extension PendingArtifact {
    /// A bundle's file, whose blob is known by its digest; `reading` is what reading it as a program came to, nil while
    /// its bytes aren't there.
    init(
        _ artifact: ImportedArtifact,
        of request: ImportRequest,
        reading: BinaryReading?,
        archive: ArchiveContents? = nil
    ) throws(StoreError) {
        let place = "\(artifact.key) in \(request.source)"
        if let reading { try Self.check(artifact, reading, place: place) }
        key = artifact.key
        digest = artifact.digest
        size = artifact.size
        fileName = artifact.fileName
        mode = artifact.mode
        annotations = artifact.annotations
        binary = reading?.facts
        foreign = reading?.foreignIdentities ?? []
        modules = reading?.modules
        self.archive = archive
        provenance = []
        sourceName = place
        // A file's name is that of whoever put it; two machines may have named one program differently, and the key and the
        // bytes, which agree, are what the release is.
        // What is sealed is named by the digest of all of it.
        demands = request.proofs.seals[artifact.key.release] == nil ? .mode : [.mode, .fileName, .annotations]
    }
    /// Throws for a program that isn't for the platform of its key.
    static func check(
        _ artifact: ImportedArtifact,
        _ reading: BinaryReading,
        place: String
    ) throws(StoreError) {
        // Another system's program is checked when it is put; earlier versions took it for any platform.
        guard !reading.isForeign else { return }
        let request = PutRequest(
            source: .path(place),
            name: artifact.key.name,
            version: artifact.key.version,
            platform: artifact.key.platform
        )
        _ = try platform(of: request, reading: reading)
    }
}

extension ImportedArtifact {
    /// Whether a file that starts so is read for what it is.
    package static func mayBeProgram(_ start: [UInt8]) -> Bool { BinaryFacts.mayBe(start) }

    /// Reads a file that has these bytes; throws as an import does for a program that isn't for the key's platform.
    package func check(_ file: borrowing File, place: String) throws(StoreError) {
        try PendingArtifact.check(self, BinaryFacts.read(file), place: place)
    }
}
