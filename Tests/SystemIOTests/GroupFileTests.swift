import Foundation
import SystemIO
import Testing

@Suite("groups of this machine")
struct GroupFileTests {
    @Test("are found by name and by number, and lines that are none are passed over")
    func lines() throws {
        let directory = NSTemporaryDirectory() + "/bindery-groups-\(UInt64.random(in: .min ... .max))"
        try Directory.createWithParents(directory)
        defer { try? Directory.removeTree(directory) }
        let path = directory + "/group"
        let text = "root:x:0:\n# a remark\n:x:5:\nshort:x\nbad:x:-1:\nteam:x:5:ann,bob\n+\nlater:x:5:\nlast:x:7"
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        #expect(GroupFile.group(named: "root", in: path) == 0)
        #expect(GroupFile.group(named: "team", in: path) == 5)
        #expect(GroupFile.group(named: "last", in: path) == 7)
        #expect(GroupFile.name(of: 5, in: path) == "team")
        for name in ["bad", "short", "", "Team", "x"] { #expect(GroupFile.group(named: name, in: path) == nil) }
        #expect(GroupFile.name(of: 6, in: path) == nil)
        #expect(GroupFile.name(of: 0, in: directory + "/none") == nil)
    }
}
