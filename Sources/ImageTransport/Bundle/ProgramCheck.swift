import ArtifactStore

/// Whether a bundle's programs are for the platforms that it says.
enum ProgramCheck {
    private static let startCount = 4

    /// Reads a released file to its end; throws what is wrong with its bytes, and for a program that isn't for one of its
    /// platforms.
    static func run(
        _ stream: BlobStream,
        _ artifacts: [ImportedArtifact],
        in bundle: String,
        _ progress: (Int64) -> Void
    ) throws(TransportError) {
        var start: [UInt8] = []
        var file: ProgramFile?
        try stream.forEachPiece { piece throws(TransportError) in
            progress(Int64(piece.count))
            if let file { return try file.write(piece) }
            guard start.count < startCount else { return }
            let before = start
            start += piece.prefix(startCount - start.count)
            guard start.count == startCount, ImportedArtifact.mayBeProgram(start) else { return }
            let made = try ProgramFile()
            try made.begin(before)
            try made.write(piece)
            file = made
        }
        guard let file else { return }
        for artifact in artifacts {
            do throws(StoreError) {
                try artifact.check(file.file, place: "\(artifact.key) in \(bundle)")
            } catch {
                throw problem(error) ?? .document(what: "\(artifact.key)", reason: "\(error)")
            }
        }
    }

    /// The error of a store that won't take a program, as one of the bundle; nil for any other.
    static func problem(_ error: StoreError) -> TransportError? {
        switch error {
        case .wrongPlatform(let place, let given, let found):
            .bundle(part: place, .document(what: "its file", reason: "it is \(found), not for \(given)"))
        case .damagedProgram(let place, let reason):
            .bundle(part: place, .document(what: "its file", reason: "\(reason)"))
        default: nil
        }
    }
}
