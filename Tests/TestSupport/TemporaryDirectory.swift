import Foundation

/// Runs a body with a new directory, and removes the directory afterwards unless `BINDERY_KEEP_TEST_FILES` is set.
package func withTemporaryDirectory<Result>(_ body: (String) throws -> Result) throws -> Result {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("bindery-test-\(UUID().uuidString)")
        .path
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    defer {
        if ProcessInfo.processInfo.environment["BINDERY_KEEP_TEST_FILES"] == nil {
            try? FileManager.default.removeItem(atPath: directory)
        }
    }
    return try body(directory)
}
