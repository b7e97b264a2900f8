/// The rules by which this program reads images and evaluates them.
package enum AuditRules {
    /// Their version, kept with each record: a gate accepts records of the present rules only.
    ///
    /// It is raised when an image may get a worse verdict than before from the same bytes and the same releases. 1 read
    /// layers in one way and chose a release for each platform; since 2 all readings of engines must agree, and one
    /// release explains all platforms; 3 knows more in which engines and tools differ, and compares programs for other
    /// systems with released ones; 4 to 8 know more of that (docs/findings.md, "Records and gates").
    package static let current = 8
}
