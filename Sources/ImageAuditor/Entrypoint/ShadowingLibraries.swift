import ImageFileSystem

/// The libraries that a base's programs may load and nobody knows.
///
/// What a base's programs need isn't read. But they run in the base by itself: what they need is there, so that only a
/// library of a name that the base has in a directory of the loader's comes in its place, or one of `LD_LIBRARY_PATH`.
struct ShadowingLibraries {
    let tree: FileTree
    let environment: ContainerEnvironment
    let identity: (FilePath) -> FileIdentity?

    private static let usual = ["/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib"]
    private static let middle = Array(".so".utf8)
    // Names that are looked at.
    private static let largestCount = 200_000

    /// In the order of the directories and names, and whether all names were looked at.
    func find() -> (libraries: [TreeNode], isWhole: Bool) {
        var budget = Self.largestCount
        var seen: Set<ObjectIdentifier> = []
        var unknown: [(node: TreeNode, isFirst: Bool)] = []
        var base: Set<[UInt8]> = []
        func look(_ directory: TreeNode, isFirst: Bool, depth: Int) {
            guard seen.insert(ObjectIdentifier(directory)).inserted, budget > 0 else { return }
            for child in directory.sortedChildren {
                budget -= 1
                guard budget > 0 else { return }
                if child.inode.kind == .directory {
                    if depth < 4, isLookedInto(child, in: directory) { look(child, isFirst: isFirst, depth: depth + 1) }
                    continue
                }
                guard Self.isLibrary(child.name), let path = tree.node(at: child.path)?.path else { continue }
                switch identity(path) {
                case .base?: base.insert(child.name)
                case .unknown?: unknown.append((child, isFirst))
                default: break
                }
            }
        }
        let first = environment.libraryPath(isMusl: false) + environment.libraryPath(isMusl: true)
        let configured = LibrarySearch.configured(tree)
        for (list, isFirst) in [(first, true), (configured + Self.usual, false)] {
            for directory in list {
                budget -= 1
                guard budget > 0, let node = tree.node(at: FilePath(environment.absolute(directory))) else { continue }
                look(node, isFirst: isFirst, depth: 0)
            }
        }
        return (unknown.filter { $0.isFirst || base.contains($0.node.name) }.map(\.node), budget > 0)
    }

    // What is for a processor, and what Debian names by the system.
    private func isLookedInto(_ child: TreeNode, in directory: TreeNode) -> Bool {
        let byLevel = LibrarySearch.variantsByLevel
        return child.name == byLevel || directory.name == byLevel || LibrarySearch.variants.contains(child.name)
            || String(decoding: child.name, as: UTF8.self).contains("-linux-")
    }

    private static func isLibrary(_ name: [UInt8]) -> Bool {
        name.indices.contains { name[$0...].starts(with: middle) }
    }
}
