"""An independent judge: Microsoft's own implementation of the Responses protocol."""
