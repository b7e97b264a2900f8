import Testing

@testable import ImageAssembler

/// Expectations are those of chmod(1) with umask 0.
@Suite struct ModeChangeTests {
    @Test(arguments: [
        ("755", 0o644, false, 0o755), ("0", 0o644, false, 0), ("4711", 0o644, false, 0o4711),
        ("0644", 0o755, true, 0o644),
        ("u=rwx,go=rx", 0o600, false, 0o755), ("+x", 0o644, false, 0o755), ("go-rwx", 0o777, false, 0o700),
        ("a=r", 0o777, false, 0o444), ("u+s", 0o755, false, 0o4755), ("g+s", 0o755, true, 0o2755),
        ("+t", 0o755, true, 0o1755),
        ("a+X", 0o644, false, 0o644), ("a+X", 0o744, false, 0o755), ("a+X", 0o644, true, 0o755),
        ("g=u", 0o740, false, 0o770),
        ("u=rwX,go=rX", 0o600, false, 0o644), ("u=rwX,go=rX", 0o700, true, 0o755), ("u+r-w", 0o200, false, 0o400),
        ("=", 0o777, false, 0),
    ])
    func changes(text: String, mode: UInt16, isDirectory: Bool, expected: UInt16) throws {
        #expect(try #require(ModeChange(text)).apply(to: mode, isDirectory: isDirectory) == expected)
    }

    /// Expectations are what BuildKit of August 2026 gives by `--chmod`; nil where it differs from chmod(1).
    @Test(arguments: [
        ("755", 0o4644, false, 0o755), ("a+X", 0o744, false, 0o755), ("u+x", 0o644, false, 0o744),
        ("u+x,go+X", 0o644, false, nil), ("u+x,go+X", 0o744, false, 0o755), ("a-x,a+X", 0o755, false, nil),
        ("a=rx", 0o2750, true, nil), ("a=rx", 0o750, true, 0o555), ("g=u", 0o740, false, 0o770),
        ("-X", 0o644, true, 0o644), ("g=u", 0o6740, false, nil),
    ])
    func copiesAgreeWithBuildKit(text: String, mode: UInt16, isDirectory: Bool, expected: UInt16?) throws {
        #expect(try #require(CopyMode(text)).apply(to: mode, isDirectory: isDirectory) == expected)
    }

    @Test(arguments: ["+tr", "u+rs", "=t", "8", ""])
    func copiesRefuseWhatBuildKitReadsOtherwise(text: String) {
        #expect(CopyMode(text) == nil)
    }

    @Test(arguments: ["", "8", "10000", "u", "u+rq", "x=r", "755,", "u=r,,g=r", "rwx"])
    func refuses(text: String) {
        #expect(ModeChange(text) == nil)
    }
}
