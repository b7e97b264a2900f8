import Foundation

/// Runs a body with a new folder, and removes the folder afterwards unless `BINDERY_KEEP_TEST_FILES` is set.
package func withTemporaryFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("bindery-test-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer {
        if ProcessInfo.processInfo.environment["BINDERY_KEEP_TEST_FILES"] == nil {
            try? FileManager.default.removeItem(atPath: folder)
        }
    }
    return try body(folder)
}
