import Archive

/// A compressed tar archive on its way into a file.
struct PackedTar: ~Copyable {
    private var compressor: StreamCompressor
    private let output: PackedFile
    private let isForDebian: Bool

    /// An archive whose entries dpkg can read, where it is for that, which reads no pax headers.
    init(_ compressor: consuming StreamCompressor, _ output: PackedFile, isForDebian: Bool) {
        self.compressor = compressor
        self.output = output
        self.isForDebian = isForDebian
    }

    /// The header of an entry; throws ``PackError/tooLarge(_:)`` for one that dpkg can't read.
    mutating func add(_ header: TarHeader) throws {
        guard isForDebian else { return try add(TarWriter.encode(header)) }
        guard let bytes = TarWriter.encodeWithLongName(header) else { throw PackError.tooLarge(.deb) }
        try add(bytes)
    }

    mutating func add(_ bytes: UnsafeRawBufferPointer) throws {
        var packed: [UInt8] = []
        try compressor.add(bytes) { packed += $0 }
        if !packed.isEmpty { try output.append(packed) }
    }

    mutating func add(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes { try add($0) }
    }

    /// A small text file.
    mutating func add(_ path: String, _ text: String, modified: Int64) throws {
        let bytes = Array(text.utf8)
        let size = Int64(bytes.count)
        try add(TarHeader(path: path, kind: .file, mode: 0o644, size: size, modified: modified))
        try add(bytes + TarWriter.padding(after: size))
    }

    /// The directory of the prefix, and all that the paths lie in, each before what is in it.
    mutating func addDirectories(of paths: [String], prefix: String, modified: Int64) throws {
        for path in Self.directories(of: paths, prefix: prefix) {
            try add(TarHeader(path: path, kind: .directory, mode: 0o755, modified: modified))
        }
    }

    /// The same directories, in the order of their bytes.
    static func directories(of paths: [String], prefix: String) -> [String] {
        var directories: Set<String> = ["."]
        for path in paths {
            let parts = path.split(separator: "/")
            for count in 1..<max(1, parts.count) { directories.insert(prefix + parts[..<count].joined(separator: "/")) }
        }
        return directories.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    consuming func finish() throws {
        try add(TarWriter.trailer)
        var packed: [UInt8] = []
        try compressor.finish { packed += $0 }
        try output.append(packed)
    }
}
