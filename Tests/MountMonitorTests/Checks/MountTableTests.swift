import Testing

@testable import MountMonitor

@Suite struct MountTableTests {
    private static let list = """
        21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
        30 21 0:5 / /mnt rw - tmpfs tmpfs rw
        31 30 0:50 / /mnt/media rw shared:9 master:2 - nfs4 nas:/export rw,vers=4.2
        32 31 0:51 / /mnt/media rw - fuse.rclone remote: rw
        33 21 0:52 / /mnt/a\\040b\\134c rw - fuse /dev/fuse rw
        34 30 0:52 / /mnt/a\\040b\\134c rw - nfs nas:/x rw
        35 21 0:53 / /srv rw - ext4 /dev/sdb rw
        36 35 0:54 / /srv/x rw - nfs nas:/y rw
        37 35 0:55 / /srv rw - tmpfs tmpfs rw
        nonsense
        38 21 0:56 / /no-dash rw shared:1
        """

    @Test(
        "the topmost mount at a path",
        arguments: [
            ("/", "ext4"), ("/mnt", "tmpfs"), ("/mnt/media", "fuse.rclone"), ("/mnt/media/films", nil),
            ("/mnt/a b\\c", "nfs"), ("/srv", "tmpfs"), ("/srv/x", nil), ("/mn", nil), ("/nowhere", nil),
            ("/no-dash", nil),
        ] as [(String, String?)]
    )
    func topmost(path: String, type: String?) {
        #expect(MountTable(MountTableTests.list).topmost(at: path)?.type == type)
        let reversed = MountTableTests.list.split(separator: "\n").reversed().joined(separator: "\n")
        #expect(MountTable(reversed).topmost(at: path)?.type == type, "in any order")
    }

    @Test func twoSpellingsOfAnAccentAreTwoPlaces() {
        let list = "1 0 0:1 / / rw - ext4 a rw\n2 1 0:1 / /\u{e9} rw - tmpfs b rw"
        #expect(MountTable(list).topmost(at: "/\u{e9}")?.type == "tmpfs")
        #expect(MountTable(list).topmost(at: "/e\u{301}") == nil)
        let source = "1 0 0:1 / / rw - ext4 a rw\n2 1 0:1 / /a rw - tmpfs \u{301}b rw"
        #expect(MountTable(source).topmost(at: "/a")?.type == "tmpfs", "an accent behind a space")
    }

    @Test func theRootOfAChangedRootNeedNotBeAMount() {
        let table = MountTable("279 257 0:1 / /proc rw - proc p rw\n280 257 0:2 / /mnt rw - tmpfs t rw")
        #expect(table.topmost(at: "/mnt")?.type == "tmpfs")
        #expect(table.topmost(at: "/") == nil)
        #expect(table.topmost(at: "/srv") == nil)
    }

    @Test func aListThatGoesInCirclesEnds() {
        let list = "1 2 0:1 / / rw - ext4 a rw\n2 1 0:1 / / rw - ext4 b rw\n3 3 0:1 / /a rw - ext4 c rw"
        #expect(MountTable(list).topmost(at: "/a") == nil)
        #expect(MountTable("").topmost(at: "/") == nil)
    }

    @Test(arguments: [
        ("nfs", "nfs", true), ("nfs4", "nfs", true), ("nfs", "nfs4", false), ("fuse", "fuse", true),
        ("fuse.rclone", "fuse", true), ("fuseblk", "fuse", true), ("fuse.rclone", "fuse.rclone", true),
        ("fuse.sshfs", "fuse.rclone", false), ("fusectl", "fuse", false), ("ext4", "nfs", false),
    ])
    func types(type: String, wanted: String, matches: Bool) {
        #expect(MountTable.matches(type, wanted: wanted) == matches)
    }
}
