#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

extension OperatingSystem {
    /// Room for the calls of a check; the C libraries' own default differs by a factor of 64.
    private static let stackSize = 512 * 1024

    private final class Body: Sendable {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Starts a thread that nobody waits for; why it could not be started, or nil.
    static func startThread(_ run: @escaping @Sendable () -> Void) -> String? {
        let body = Unmanaged.passRetained(Body(run))
        let number = withUnsafeTemporaryAllocation(of: pthread_attr_t.self, capacity: 1) { memory -> CInt in
            guard let attributes = memory.baseAddress else { return ENOMEM }
            pthread_attr_init(attributes)
            defer { pthread_attr_destroy(attributes) }
            pthread_attr_setstacksize(attributes, stackSize)
            pthread_attr_setdetachstate(attributes, CInt(PTHREAD_CREATE_DETACHED))
            return create(attributes, body.toOpaque())
        }
        guard number != 0 else { return nil }
        body.release()
        return message(number)
    }

    private static func create(_ attributes: UnsafePointer<pthread_attr_t>, _ body: UnsafeMutableRawPointer) -> CInt {
        #if canImport(Glibc)
        var thread = pthread_t()
        #elseif canImport(Musl)
        var thread: pthread_t?
        #endif
        return pthread_create(
            &thread,
            attributes,
            { argument in
                if let argument { Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run() }
                return nil
            },
            body
        )
    }

    /// Counts what there is to do, for a thread that waits for it.
    final class Semaphore: Sendable {
        private nonisolated(unsafe) let semaphore: UnsafeMutablePointer<sem_t>

        init() {
            semaphore = .allocate(capacity: 1)
            // It fails only for a count that is out of range.
            _ = sem_init(semaphore, 0, 0)
        }

        deinit {
            sem_destroy(semaphore)
            semaphore.deallocate()
        }

        func post() { _ = sem_post(semaphore) }

        func wait() { while sem_wait(semaphore) != 0, errno == EINTR {} }
    }
}
