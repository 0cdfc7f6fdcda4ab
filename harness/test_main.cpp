// The entry point of every unit test program: one Boost.Test suite tree for each folder.
#define BOOST_TEST_MODULE sipvet
#include <boost/test/unit_test.hpp>
