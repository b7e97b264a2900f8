/// What clients may change.
package struct WriteRule: Sendable {
    /// Takes pushes.
    package var push: Bool
    /// Takes deletions.
    package var delete: Bool
    /// Takes manifests whose config or layers aren't there; indexes may always lack members.
    package var sparse: Bool

    /// Nothing is taken where nothing is said.
    package init(push: Bool = false, delete: Bool = false, sparse: Bool = false) {
        (self.push, self.delete, self.sparse) = (push, delete, sparse)
    }
}
