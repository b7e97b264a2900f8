import SystemIO
import Testing

@Suite struct PathComponentsTests {
    @Test(arguments: [
        ("a/b", "a/b", false, false), ("/a//b/./", "a/b", false, false), ("a/../b", "b", true, false),
        ("", "", false, false),
        ("..", "", true, true), ("a/../../b/..", "", true, true), ("...", "...", false, false),
        // The accent belongs to the slash before it, to a reader of characters.
        ("a/\u{301}b/..", "a", true, false), ("../\u{301}b", "\u{301}b", true, true),
    ])
    func cleans(path: String, cleaned: String, hasParent: Bool, leavesRoot: Bool) {
        let components = PathComponents(path.utf8)
        #expect(components.path.utf8.elementsEqual(cleaned.utf8))
        #expect(components.hasParent == hasParent && components.leavesRoot == leavesRoot)
    }
}
