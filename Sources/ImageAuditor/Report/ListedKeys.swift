import ArtifactStore
import Release

/// Which keys a report lists with each file: all that have its bytes, and of bytes that very many have under very many
/// names, the first alone.
///
/// An image may have a release's bytes under tens of thousands of names, and a store may have them in hundreds of
/// releases: the report would have the product of the two.
struct ListedKeys {
    private var further: Int

    /// Keys beyond the first of each file are listed until there are so many.
    static let largestFurtherCount = 32_768

    init(further: Int = largestFurtherCount) {
        self.further = further
    }

    /// The keys to list with a file, the one that fits the image best first; files come in the order of the report.
    mutating func keys(of file: AuditedFile) -> [ArtifactKey] {
        let count = file.artifacts.count - 1
        guard count > 0 else { return file.artifacts.map(\.key) }
        guard count <= further else { return file.artifacts.prefix(1).map(\.key) }
        further -= count
        return file.artifacts.map(\.key)
    }
}
