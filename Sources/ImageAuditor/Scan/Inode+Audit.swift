package import ImageFileSystem

extension Inode {
    /// Whether it has file capabilities.
    var hasCapability: Bool { extendedAttributes[Self.capabilityName] != nil }

    static let capabilityName = Array("security.capability".utf8)
}

extension Inode.Kind {
    /// What it is, for reports.
    package var word: String {
        switch self {
        case .file: "file"
        case .directory: "directory"
        case .symbolicLink: "symbolic link"
        case .characterDevice: "character device"
        case .blockDevice: "block device"
        case .pipe: "pipe"
        }
    }

    /// The kind that reports call by a word.
    init?(word: String) {
        guard let kind = Self.all.first(where: { $0.word == word }) else { return nil }
        self = kind
    }

    private static let all: [Self] = [.file, .directory, .symbolicLink, .characterDevice, .blockDevice, .pipe]
}
