import Glibc
import NIOCore
import Testing

@testable import HTTP

@Suite struct HTTPFailureTests {
    /// Another try is good for a connection that broke, not for an address without a way to it.
    @Test(arguments: [
        (ENETUNREACH, true), (EHOSTUNREACH, true), (ECONNREFUSED, true), (ECONNRESET, false), (EPIPE, false),
    ])
    func anAddressThatIsNotReachedIsNoBrokenConnection(number: CInt, isUnreached: Bool) {
        let failure = HTTPFailure(IOError(errnoCode: number, reason: "connect"))
        if case .connection = failure { return #expect(isUnreached) }
        guard case .broken = failure else { return #expect(Bool(false), "\(failure)") }
        #expect(!isUnreached)
    }
}
