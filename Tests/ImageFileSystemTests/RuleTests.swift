import Archive
import ImageFileSystem
import Testing

/// Each rule of docs/layers.md: what ordinary layers mean, and which have two readings.
@Suite struct RuleTests {
    struct Rule: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// Paths in the end; nil where the readings differ.
        let paths: [String]?
        let layers: [[Item]]

        init(_ name: String, _ layers: [Item]..., gives paths: [String]?) {
            testDescription = name
            self.layers = layers
            self.paths = paths
        }
    }

    static let ordinary = [
        Rule("parents that no entry describes", [.file("a/b/c")], gives: ["/a", "/a/b", "/a/b/c"]),
        Rule(
            "a link of the same layer",
            [.directory("a"), .link("l", to: "a"), .file("l/x")],
            gives: ["/a", "/a/x", "/l"]
        ),
        Rule(
            "the real path of a merged directory",
            [.directory("usr/bin"), .link("bin", to: "usr/bin")],
            [.file("usr/bin/x")],
            gives: ["/bin", "/usr", "/usr/bin", "/usr/bin/x"]
        ),
        Rule("a whiteout", [.file("a"), .file("b")], [.whiteout("a")], gives: ["/b"]),
        Rule("a whiteout of a directory", [.file("a/b"), .file("c")], [.whiteout("a")], gives: ["/c"]),
        Rule("a whiteout of nothing", [.file("a")], [.whiteout("b")], gives: ["/a"]),
        Rule(
            "an opaque mark, last",
            [.file("d/x")],
            [.directory("d"), .file("d/y"), .opaque("d")],
            gives: ["/d", "/d/y"]
        ),
        Rule("a file made a directory", [.file("d")], [.directory("d"), .file("d/x")], gives: ["/d", "/d/x"]),
        Rule("a directory made a file", [.file("d/x")], [.file("d")], gives: ["/d"]),
        Rule(
            "a link made a directory",
            [.directory("a"), .link("l", to: "a")],
            [.directory("l"), .file("l/x")],
            gives: ["/a", "/l", "/l/x"]
        ),
        Rule("a hard link", [.file("a"), .hardLink("b", to: "a")], gives: ["/a", "/b"]),
        Rule(
            "whiteouts that are hard links to the first of them",
            [.file("a"), .file("b"), .file("d/c")],
            [.whiteout("a"), .hardLink(".wh.b", to: ".wh.a"), .hardLink("d/.wh.c", to: ".wh.a")],
            gives: ["/d"]
        ),
        Rule(
            "a hard link with fewer permissions",
            [.file("a"), .hardLink("b", to: "a", mode: 0o644)],
            gives: ["/a", "/b"]
        ),
        Rule("a name twice, the same", [.file("a"), .file("a")], gives: ["/a"]),
        Rule(
            "an opaque mark over a directory that was made again",
            [.file("d/x")],
            [.whiteout("d")],
            [.directory("d"), .opaque("d"), .file("d/y")],
            gives: ["/d", "/d/y"]
        ),
        Rule(
            "names that only begin with dots",
            [.file("..data/..x"), .file("./..."), .file("/a")],
            gives: ["/...", "/..data", "/..data/..x", "/a"]
        ),
        Rule(
            "a directory with a mode, passed through",
            [.directory("root", mode: 0o700)],
            [.file("root/x")],
            gives: ["/root", "/root/x"]
        ),
    ]

    static let ambiguous = [
        Rule("a link of a lower layer", [.directory("a"), .link("l", to: "a")], [.file("l/x")], gives: nil),
        Rule(
            "a whiteout through a link of a lower layer",
            [.file("a/x"), .link("l", to: "a")],
            [.whiteout("l/x")],
            gives: nil
        ),
        Rule("below a lower file", [.file("a")], [.file("a/x")], gives: nil),
        Rule("a whiteout below a lower file", [.file("a")], [.whiteout("a/x")], gives: nil),
        Rule("out of the root", [.file("../a")], gives: nil),
        Rule("out of the root and back", [.file("a/../../b")], gives: nil),
        Rule("a whiteout behind its own file", [.file("a")], [.file("a", "y"), .whiteout("a")], gives: nil),
        Rule("a whiteout, then its directory", [.file("d/x")], [.whiteout("d"), .directory("d")], gives: nil),
        Rule("a whiteout, then below it", [.file("d/x")], [.whiteout("d"), .file("d/y")], gives: nil),
        Rule("a file, then its directory again", [.file("d/x")], [.file("d"), .directory("d")], gives: nil),
        Rule(
            "deep below what was made again",
            [.file("d/e/x")],
            [.file("d"), .directory("d"), .directory("d/e")],
            gives: nil
        ),
        Rule("an opaque root", [.file("a")], [.opaque(""), .file("b")], gives: nil),
        Rule("an opaque root below a kept directory", [.file("d/x")], [.file("d/y"), .opaque("")], gives: nil),
        Rule(
            "an opaque mark over an unnamed directory",
            [.directory("d")],
            [.file("d/e/x"), .opaque("d")],
            gives: nil
        ),
        Rule("a whiteout where nothing is", [.file("a")], [.whiteout("d/x")], gives: nil),
        Rule("a hard link to a lower file", [.file("a")], [.hardLink("b", to: "a")], gives: nil),
        Rule(
            "a hard link by way of a directory and back",
            [.link("a", to: "d"), .directory("d")],
            [.file("y"), .hardLink("b", to: "a/../y")],
            gives: nil
        ),
        Rule(
            "a whiteout that is a hard link to a file",
            [.file("a")],
            [.file("e", ""), .hardLink(".wh.a", to: "e")],
            gives: nil
        ),
        Rule(
            "a whiteout that is a hard link to a file by a whiteout's name",
            [.file("a")],
            [.file("e"), .hardLink(".wh.a", to: ".wh.e")],
            gives: nil
        ),
        Rule(
            "a whiteout that is a hard link to a file whose name ends as a whiteout's does",
            [.file("a"), .file("b")],
            [.whiteout("a"), .file("xxxxa", ""), .hardLink(".wh.b", to: "xxxxa")],
            gives: nil
        ),
        Rule(
            "an opaque mark that is a hard link",
            [.file("d/x"), .file("a")],
            [.directory("d"), .whiteout("a"), .hardLink("d/.wh..wh..opq", to: ".wh.a")],
            gives: nil
        ),
        Rule("a hard link to nothing", [.hardLink("b", to: "a")], gives: nil),
        Rule(
            "a hard link to what is above a link's directory",
            [.file("a/b/x"), .file("a/y", "1"), .file("y", "2"), .link("l", to: "a/b"), .hardLink("b", to: "l/../y")],
            gives: nil
        ),
        Rule(
            "a hard link to a symbolic link and a slash",
            [.file("a"), .link("l", to: "a"), .hardLink("b", to: "l/")],
            gives: nil
        ),
        Rule("a hard link with more permissions", [.file("a", mode: 0o644), .hardLink("b", to: "a")], gives: nil),
        Rule(
            "a directory twice, the second time without an attribute",
            [.directory("d", attributes: ["user.note": "x"]), .directory("d")],
            gives: nil
        ),
        Rule("a hard link with a set-id bit", [.file("a"), .hardLink("b", to: "a", mode: 0o4755)], gives: nil),
        Rule(
            "a hard link without its file's capabilities",
            [
                Item(kind: .file, path: "a", attributes: ["security.capability": "c"]), .hardLink("b", to: "a"),
            ],
            gives: nil
        ),
        Rule("a device that is a whiteout", [.file("a")], [.device("a")], gives: nil),
        Rule("an overlay attribute", [.directory("a", attributes: ["trusted.overlay.opaque": "y"])], gives: nil),
        Rule(
            "fuse-overlayfs's opaque mark",
            [.directory("a", attributes: ["user.fuseoverlayfs.opaque": "y"])],
            gives: nil
        ),
        Rule(
            "fuse-overlayfs's own mode",
            [.directory("a", attributes: ["user.containers.override_stat": "0:0:4755"])],
            gives: nil
        ),
        Rule(
            "a directory with a whiteout's name, behind a whiteout",
            [.file("a")],
            [.whiteout("a"), .file(".wh.a/x")],
            gives: nil
        ),
        Rule("a directory with a whiteout's name, which fuse-overlayfs hides", [.file(".wh.a/x")], gives: nil),
        Rule("a user's overlay attribute", [.directory("a", attributes: ["user.overlay.redirect": "/b"])], gives: nil),
        Rule("a whiteout with content", [Item(kind: .file, path: ".wh.a", content: "x")], gives: nil),
        Rule(
            "a whiteout behind a directory of its name",
            [.file("a")],
            [.file(".wh.a/x"), .whiteout("a")],
            gives: nil
        ),
        Rule("a whiteout that is a directory", [.directory(".wh.a")], gives: nil),
    ]

    @Test(arguments: ordinary) func hasOneReading(_ rule: Rule) throws {
        let reading = try Reading(rule.layers)
        #expect(!reading.isAmbiguous, "\(reading.differences)")
        #expect(reading.seen.keys.sorted() == rule.paths)
        #expect(reading.tree.disputes.isEmpty)
    }

    @Test(arguments: ambiguous) func hasTwoReadings(_ rule: Rule) throws {
        let reading = try Reading(rule.layers)
        #expect(reading.isAmbiguous)
        #expect(!reading.tree.disputes.isEmpty)
    }

    @Test func aHardLinksModeHoldsForBothNames() throws {
        let reading = try Reading([[.file("a"), .hardLink("b", to: "a", mode: 0o4755)]])
        #expect(reading.tree.inode(at: FilePath("a"))?.mode == 0o4755)
        #expect(reading.tree.inode(at: FilePath("b"))?.mode == 0o4755)
    }

    @Test func directoriesMadeBelowASetGroupIDDirectoryAreSaid() throws {
        let above = Item.directory("d", mode: 0o2755)
        for layers in [[[above, .file("d/e/x")]], [[above], [.file("d/e/x")]], [[above], [above, .file("d/e/x")]]] {
            #expect(try Reading(layers).inherited == [FilePath("d/e")])
        }
        let described = try Reading([[above, .file("d/e/x"), .directory("d/e")], [.file("d/e/y"), .file("d/z")]])
        #expect(described.inherited.isEmpty)
    }

    /// Erofs-utils hands on owner and mode of a directory that the layer itself describes.
    @Test(arguments: [
        (Item.directory("d", uid: 1000), Item?.none, true), (.directory("d", gid: 1000), nil, true),
        (.directory("d", mode: 0o777), nil, true), (.directory("d", mode: 0o775), nil, true),
        (.directory("d"), nil, false), (.directory("d", mode: 0o700), nil, false),
        // Not what a lower layer says alone.
        (.directory("e"), .directory("d", mode: 0o777), false), (.directory("e"), .directory("d", uid: 1000), false),
        (.directory("d", uid: 1000), .directory("d"), true), (.directory("d"), .directory("d", uid: 1000), false),
    ])
    func directoriesMadeBelowAnothersAreSaid(above: Item, below: Item?, isSaid: Bool) throws {
        let layers = (below.map { [[$0]] } ?? []) + [[above, .file("d/f/x")]]
        #expect(try Reading(layers).inherited == (isSaid ? [FilePath("d/f")] : []))
        let described = layers.dropLast() + [[above, .directory("d/f"), .file("d/f/x")]]
        #expect(try Reading(Array(described)).inherited.isEmpty)
    }

    @Test func namesTwiceThatDifferAreDisputed() throws {
        let reading = try Reading([[.file("a", "x"), .file("a", "y")]])
        #expect(reading.tree.disputes.paths == [FilePath("a")])
    }

    @Test func followingLinksTakesSteps() throws {
        let budget = WorkBudget()
        try budget.take(8 << 20, .steps)
        let tree = FileTree(budget: budget)
        let link = Inode(kind: .symbolicLink, mode: 0o777, layer: 0, target: Array("a".utf8))
        let file = Inode(kind: .file, mode: 0o644, layer: 0)
        for (name, inode) in [("a", file), ("l", link)] {
            #expect(tree.attach(Array(name.utf8), to: tree.root, inode: inode, layer: 0) != nil)
        }
        #expect(tree.inode(at: FilePath("a")) === file)
        #expect(tree.node(at: FilePath("l"), following: .parents)?.inode === link)
        #expect(tree.spent == nil)
        #expect(tree.inode(at: FilePath("l")) == nil)
        #expect(tree.spent?.resource == .steps)
        #expect(tree.inode(at: FilePath("a")) === file)
    }

    @Test func aSpentBudgetIsSaid() throws {
        let budget = WorkBudget(bytes: 1)
        #expect(throws: WorkBudget.Spent.self) { try budget.take(2, .bytes) }
        let error = #expect(throws: WorkBudget.Spent.self) { try budget.take(0, .steps) }
        #expect(error?.resource == .bytes)
        #expect(error?.limit == 1)
        #expect(budget.spent == error)
    }

    @Test func compressedBytesEarnUncompressedOnes() throws {
        let budget = WorkBudget()
        budget.earn(10)
        try budget.take(WorkBudget.basicBytes + 10 * WorkBudget.ratio, .bytes)
        #expect(throws: WorkBudget.Spent.self) { try budget.take(1, .bytes) }
    }

    @Test func whatLiesInAnArchiveEarnsNothing() throws {
        let budget = WorkBudget()
        budget.earn(10)
        budget.stopEarning()
        budget.earn(1 << 40)
        // What is unpacked to be looked into is counted beside what is read.
        try budget.take(WorkBudget.basicBytes + 10 * WorkBudget.ratio, .unpacked)
        try budget.take(WorkBudget.basicBytes + 10 * WorkBudget.ratio, .bytes)
        let error = #expect(throws: WorkBudget.Spent.self) { try budget.take(1, .unpacked) }
        #expect(error?.resource == .unpacked)
    }

    /// 8,000 opaque marks over 8,000 files end within the budget, or with it.
    @Test func manyOpaqueMarksAreBounded() throws {
        let budget = WorkBudget(bytes: 1 << 30)
        _ = try Reading([(0..<2000).map { .file("f\($0)", "") } + (0..<2000).map { _ in .opaque("") }], budget: budget)
        try budget.take(1, .bytes)
    }
}
