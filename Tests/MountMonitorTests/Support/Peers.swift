import Foundation

/// Programs of another make that the tests talk to.
enum Peers {
    /// Where they lie.
    static let directory =
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().path + "/Peers"
}
