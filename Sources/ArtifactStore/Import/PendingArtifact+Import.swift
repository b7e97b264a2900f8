import ContentAddress
import OCI
import Release

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
        // Another system's program is checked when it is put; earlier versions took it for any platform.
        if let reading, !reading.isForeign {
            let request = PutRequest(
                source: .path(place),
                name: artifact.key.name,
                version: artifact.key.version,
                platform: artifact.key.platform
            )
            _ = try Self.platform(of: request, reading: reading)
        }
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
}
