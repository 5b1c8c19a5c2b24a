"""What changes Data Factory, never without a press of somebody who may.

`proposals` makes a proposal of what a person asked for, with a preview; `approval` decides at the
press whether it still may be done, and stores that it is before anything is sent; `execution` sends
it once; `follow_up` looks up what was lost and follows the run; `messages` draws the card.
`buttons` are the presses, `audit_tool` what is told of all this.
"""
