import ContentAddress
import ImageFileSystem
import OCI
import Testing

@testable import ImageAssembler

/// A stage over a base shows and records what one shows and records into which all of the base's files were placed.
@Suite struct StageTreeTests {
    private static let layer = LayerReference(
        descriptor: Descriptor(mediaType: MediaType.layer, digest: .of([UInt8]()), size: 0),
        diffID: .of([UInt8]())
    )

    /// A base of directories and links, by their paths; a link has what it leads to.
    private static func base(_ names: [(path: String, target: String?)]) -> BaseFiles {
        let tree = FileTree()
        for (path, target) in names {
            var node = tree.root
            for name in FilePath(path).components {
                let inode = Inode(
                    kind: target == nil ? .directory : .symbolicLink,
                    mode: 0o755,
                    layer: 0,
                    target: Array((target ?? "").utf8)
                )
                // Nothing stands below a link.
                guard let next = node.child(name) ?? tree.attach(name, to: node, inode: inode, layer: 0) else { break }
                node = next
            }
        }
        return BaseFiles(tree, of: [layer])
    }

    private static func all(_ tree: StageTree) -> [String] {
        tree.descendants(of: "").map { "\($0) \(tree[$0].map { "\($0)" } ?? "nothing")" }
    }

    @Test(arguments: 0..<40) func isAsThoughTheBaseWerePlaced(seed: UInt64) throws {
        var random = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        func below(_ count: Int) -> Int {
            random ^= random << 13
            random ^= random >> 7
            random ^= random << 17
            return Int(random >> 33) % count
        }
        func path() -> String { (0...below(3)).map { _ in ["a", "b", "c"][below(3)] }.joined(separator: "/") }
        func node() -> FileNode {
            let kinds: [FileNode.Kind] = [.directory, .directory, .pipe, .link("/" + path())]
            return FileNode(kind: kinds[below(kinds.count)], mode: UInt16(below(8)))
        }
        let base = Self.base((0..<12).map { _ in (path(), below(5) == 0 ? path() : nil) })
        var over = StageTree(base)
        var placed = StageTree()
        for path in over.descendants(of: "") { placed[path] = over[path] }
        _ = placed.takeChanges()
        for step in 0..<200 {
            let place = path()
            switch below(6) {
            case 0:
                over.remove(place)
                placed.remove(place)
            case 1:
                var layer = StageTree()
                _ = try? layer.makeDirectories(place, owner: Owner(uid: 7), modified: 1)
                over.lay(layer)
                placed.lay(layer)
            case 2:
                #expect(over.takeChanges() == placed.takeChanges(), "step \(step)")
            case 3:
                #expect((try? over.resolve(place)) == (try? placed.resolve(place)), "step \(step)")
            case 4:
                _ = try? over.makeDirectories(place, owner: Owner(), modified: 2)
                _ = try? placed.makeDirectories(place, owner: Owner(), modified: 2)
            default:
                guard over[StageTree.parent(of: place)]?.isDirectory == true else { continue }
                let node = node()
                over[place] = node
                placed[place] = node
            }
            #expect(Self.all(over) == Self.all(placed), "step \(step)")
        }
        #expect(over.takeChanges() == placed.takeChanges())
    }

    @Test func aDirectoryOfTheBaseThatIsMadeAgainIsEmpty() {
        var tree = StageTree(Self.base([("d/e/f", nil), ("keep", nil)]))
        tree.remove("d")
        #expect(tree.takeChanges() == [".wh.d"])
        tree["d"] = FileNode(kind: .directory, mode: 0o700)
        #expect(tree.children(of: "d").isEmpty)
        #expect(tree["d/e"] == nil)
        #expect(tree.children(of: "") == ["d", "keep"])
        #expect(tree.takeChanges() == ["d"])
        tree["d"] = FileNode(kind: .pipe, mode: 0o600)
        tree["keep"] = FileNode(kind: .pipe, mode: 0o600)
        #expect(tree.takeChanges() == ["d", "keep"], "a file in a directory's place needs no whiteout")
    }

    @Test func aNewDirectoryBelowTheSetGroupIDBitIsRefused() throws {
        var tree = StageTree()
        tree["srv"] = FileNode(kind: .directory, mode: 0o2775)
        #expect(throws: StageTree.PathProblem.self) {
            try tree.makeDirectories("/srv/a/b", owner: Owner(), modified: 0)
        }
        #expect(tree["srv/a"] == nil)
        try tree.makeDirectories("/srv", owner: Owner(), modified: 0)
        try tree.makeDirectories("/other/srv", owner: Owner(), modified: 0)
    }

    @Test("Names are bytes: a letter with its accent is another name than letter and accent")
    func namesThatOnlyLookTheSameAreTwo() throws {
        let (composed, apart) = ("\u{E9}", "e\u{301}")
        var tree = StageTree(Self.base([("d/" + composed, nil), ("d/" + apart, nil), ("d/\u{301}x/y", nil)]))
        #expect(tree.disputes.isEmpty)
        #expect(tree.children(of: "d").map { Array($0.utf8) } == [apart, composed, "\u{301}x"].map { Array($0.utf8) })
        tree["d/" + composed] = FileNode(kind: .pipe, mode: 0o600)
        #expect(tree["d/" + apart]?.isDirectory == true)
        #expect(tree["d/\u{301}x/y"] != nil, "a slash and the accent behind it are one Character")
        #expect(try tree.resolve("d/\u{301}x/../" + apart).utf8.elementsEqual(("d/" + apart).utf8))
        tree.remove("d/\u{301}x")
        #expect(tree["d/\u{301}x/y"] == nil)
        #expect(tree.takeChanges().count == 3)
    }
}
